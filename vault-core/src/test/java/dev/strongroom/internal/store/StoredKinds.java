package dev.strongroom.internal.store;

import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.StorageKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of records with a codec that this module declares, wherever it does, by name. */
final class StoredKinds {
  private StoredKinds() {}

  static List<RecordKind<?>> all() {
    try {
      Path classes = Path.of(
          Records.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(classes)) {
        return files
            .map(file -> classes.relativize(file).toString().replace('/', '.'))
            .filter(file -> file.startsWith("dev.strongroom.") && file.endsWith(".class"))
            .flatMap(file -> Stream.of(load(file).getDeclaredFields()))
            .flatMap(field -> kind(field).stream())
            .filter(kind -> kind.codec().isPresent())
            .sorted(Comparator.comparing(RecordKind::name))
            .toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Class<?> load(String file) {
    try {
      String name = file.substring(0, file.length() - ".class".length());
      return Class.forName(name, /* initialize= */ false, Records.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<RecordKind<?>> kind(Field field) {
    if (!Modifier.isStatic(field.getModifiers())) {
      return Optional.empty();
    }
    try {
      if (field.getType() == RecordKind.class) {
        field.setAccessible(true);
        return Optional.of((RecordKind<?>) field.get(null));
      }
      if (field.getType() == StorageKey.class) {
        field.setAccessible(true);
        return Optional.of(((StorageKey<?>) field.get(null)).kind());
      }
      return Optional.empty();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
