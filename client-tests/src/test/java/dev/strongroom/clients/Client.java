package dev.strongroom.clients;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client, as it is named in its registry, and the version that was run. */
record Client(String name, String version) {

  /** Returns the client in whose jar, such as {@code some-client-1.2.3.jar}, a class is. */
  static Client inJarOf(Class<?> type) {
    Path jar = Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    Matcher name =
        Pattern.compile("(.+?)-(\\d.*)\\.jar").matcher(jar.getFileName().toString());
    if (!name.matches()) {
      throw new IllegalStateException("not a jar with a version: " + jar);
    }
    return new Client(name.group(1), name.group(2));
  }
}
