package dev.strongroom.testkit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.strongroom.Vault;
import dev.strongroom.auth.basic.UserPass;
import dev.strongroom.auth.k8s.KubernetesAuth;
import dev.strongroom.cli.Strongroom;
import dev.strongroom.dbsecrets.DatabaseSecrets;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.kv.Kv;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.ObjectInputStream;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The arrows between the modules, and what may be seen of a package. */
class ArchitectureTest {
  private static final JavaClasses PUBLISHED = new ClassFileImporter()
      .importLocations(Stream.of(
              Vault.class,
              Kv.class,
              UserPass.class,
              KubernetesAuth.class,
              DatabaseSecrets.class,
              SqliteStorage.class,
              VaultHttpHandler.class,
              Strongroom.class,
              StorageContract.class)
          .map(ArchitectureTest::locationOf)
          .collect(Collectors.toSet()));

  /** What the modules beside the core see of it. */
  private static final String[] EXPORTED = {
    "dev.strongroom", "dev.strongroom.request", "dev.strongroom.secret", "dev.strongroom.spi"
  };

  private static final String[] LIBRARIES = {
    "com.fasterxml..", "com.github.benmanes..", "org.bouncycastle..", "org.sqlite.."
  };

  /** The one class of each internal package that others begin with. */
  private static final Map<String, String> DOORS = Map.ofEntries(
      Map.entry("aead", "Aead"),
      Map.entry("audit", "AuditBroker"),
      Map.entry("background", "Background"),
      Map.entry("barrier", "Barrier"),
      Map.entry("ceremony", "Ceremonies"),
      Map.entry("chain", "AuditChain"),
      Map.entry("cubbyhole", "Cubbyholes"),
      Map.entry("due", "DueIndex"),
      Map.entry("hmac", "HmacSha256"),
      Map.entry("cors", "CorsStore"),
      Map.entry("identity", "IdentityStore"),
      Map.entry("json", "Json"),
      Map.entry("lease", "LeaseStore"),
      Map.entry("listener", "Listeners"),
      Map.entry("login", "Logins"),
      Map.entry("metrics", "Metrics"),
      Map.entry("mount", "Router"),
      Map.entry("password", "PasswordPolicies"),
      Map.entry("pipeline", "RequestPipeline"),
      Map.entry("policy", "PolicyStore"),
      Map.entry("random", "RandomText"),
      Map.entry("rotation", "KeyRotation"),
      Map.entry("seal", "VaultSeal"),
      Map.entry("snapshot", "SnapshotFile"),
      Map.entry("store", "Transactions"),
      Map.entry("system", "SystemEngines"),
      Map.entry("template", "Template"),
      Map.entry("time", "VaultClock"),
      Map.entry("token", "TokenStore"),
      Map.entry("unsealed", "UnsealedVault"),
      Map.entry("version", "VersionHistory"),
      Map.entry("wrapping", "ResponseWrapping"));

  private static Location locationOf(Class<?> type) {
    try {
      return Location.of(
          type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void core_knowsNoOtherModule() {
    noClasses()
        .that(resideInAPackage("dev.strongroom")
            .or(resideInAnyPackage(
                "dev.strongroom.request..",
                "dev.strongroom.secret..",
                "dev.strongroom.spi..",
                "dev.strongroom.internal..")))
        .should()
        .dependOnClassesThat(resideInAnyPackage(
            "dev.strongroom.kv..",
            "dev.strongroom.auth..",
            "dev.strongroom.storage..",
            "dev.strongroom.cli..",
            "dev.strongroom.testkit.."))
        .check(PUBLISHED);
  }

  @Test
  void cli_seesTheExportedPackagesOfTheCoreOnly() {
    classes()
        .that()
        .resideInAPackage("dev.strongroom.cli..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(EXPORTED)
            .or(resideInAnyPackage(
                "dev.strongroom.cli..",
                "dev.strongroom.storage.sqlite..",
                "java..",
                "javax.net.ssl..",
                "picocli..",
                "org.jspecify..")))
        .check(PUBLISHED);
  }

  @Test
  void kv_seesTheExportedPackagesOfTheCoreOnly() {
    classes()
        .that()
        .resideInAPackage("dev.strongroom.kv..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(EXPORTED)
            .or(resideInAnyPackage("dev.strongroom.kv..", "java..", "org.jspecify..")))
        .check(PUBLISHED);
  }

  @Test
  void authBasic_seesTheExportedPackagesOfTheCoreOnly() {
    classes()
        .that()
        .resideInAPackage("dev.strongroom.auth.basic..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(EXPORTED)
            .or(resideInAnyPackage(
                "dev.strongroom.auth.basic..",
                "java..",
                "javax.crypto..",
                "org.bouncycastle..",
                "org.jspecify..")))
        .check(PUBLISHED);
  }

  @Test
  void authK8s_seesTheExportedPackagesOfTheCoreOnly() {
    classes()
        .that()
        .resideInAPackage("dev.strongroom.auth.k8s..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(EXPORTED)
            .or(resideInAnyPackage(
                "dev.strongroom.auth.k8s..",
                "java..",
                "javax.net.ssl..",
                "com.google.errorprone.annotations..",
                "org.jspecify..")))
        .check(PUBLISHED);
  }

  @Test
  void dbsecrets_seesTheExportedPackagesOfTheCoreOnly() {
    classes()
        .that()
        .resideInAPackage("dev.strongroom.dbsecrets..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(EXPORTED)
            .or(resideInAnyPackage(
                "dev.strongroom.dbsecrets..",
                "java..",
                "javax.crypto..",
                "javax.sql..",
                "com.google.errorprone.annotations..",
                "com.zaxxer.hikari..",
                "org.jspecify..",
                "org.postgresql..")))
        .check(PUBLISHED);
  }

  @Test
  void dbsecrets_knowsPoolsAndDriversInsideOnly() {
    noClasses()
        .that()
        .resideInAPackage("dev.strongroom.dbsecrets")
        .should()
        .dependOnClassesThat(resideInAnyPackage("com.zaxxer.hikari..", "org.postgresql.."))
        .check(PUBLISHED);
  }

  @Test
  void http_seesTheExportedPackagesOfTheCoreOnly() {
    classes()
        .that()
        .resideInAPackage("dev.strongroom.http..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(EXPORTED)
            .or(resideInAnyPackage(
                "dev.strongroom.http..",
                "java..",
                "javax.net.ssl..",
                "com.fasterxml.jackson.core..",
                "org.eclipse.jetty..",
                "org.jspecify..")))
        .check(PUBLISHED);
  }

  @Test
  void httpHandler_knowsNoServer() {
    noClasses()
        .that()
        .resideInAPackage("dev.strongroom.http..")
        .and()
        .haveNameNotMatching(".*\\.http\\.(Jetty|VaultHttpServer).*")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.eclipse.jetty..")
        .check(PUBLISHED);
  }

  @Test
  void sqlite_seesTheExportedPackagesOfTheCoreOnly() {
    classes()
        .that()
        .resideInAPackage("dev.strongroom.storage.sqlite..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(EXPORTED)
            .or(resideInAnyPackage(
                "dev.strongroom.storage.sqlite..",
                "java..",
                "org.sqlite..",
                "org.jspecify..",
                "com.google.errorprone.annotations..")))
        .check(PUBLISHED);
  }

  @Test
  void internalPackages_haveNoCycles() {
    slices().matching("dev.strongroom.internal.(*)..").should().beFreeOfCycles().check(PUBLISHED);
  }

  @Test
  void exportedPackages_showNoLibraryAndNothingInternal() {
    classes()
        .that()
        .resideInAnyPackage("dev.strongroom..")
        .and()
        .resideOutsideOfPackage("dev.strongroom.internal..")
        .and()
        .arePublic()
        .should(showOnly(DescribedPredicate.not(
            resideInAnyPackage(LIBRARIES).or(resideInAPackage("dev.strongroom.internal..")))))
        .check(PUBLISHED);
  }

  @Test
  void internalPackage_hasOneDoorAndItsValueTypes() {
    Set<String> found = PUBLISHED.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> name.startsWith("dev.strongroom.internal."))
        .map(name -> name.substring("dev.strongroom.internal.".length()))
        .collect(Collectors.toSet());
    assertThat(found).isEqualTo(DOORS.keySet());
    DOORS.forEach((name, door) -> {
      String packageName = "dev.strongroom.internal." + name;
      Set<JavaClass> shown = shownBy(PUBLISHED.get(packageName + "." + door));
      assertThat(PUBLISHED.stream()
              .filter(c -> c.getPackageName().equals(packageName))
              .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC))
              .filter(c -> c.isTopLevelClass() && !shown.contains(c) && !isValue(c))
              .map(JavaClass::getSimpleName))
          .as("public in %s, but neither %s nor a value", packageName, door)
          .isEmpty();
    });
  }

  @Test
  void randomness_timeAndThreads_areInjected() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.strongroom.testkit..") // a fault comes again with its seed
        .should()
        .dependOnClassesThat(DescribedPredicate.describe(
            "make numbers that can be guessed",
            (JavaClass c) ->
                c.isEquivalentTo(Random.class) || c.isEquivalentTo(ThreadLocalRandom.class)))
        .check(PUBLISHED);
    noClasses()
        .that(DescribedPredicate.not(simpleName("SystemTime")))
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Math.class, "random")
        .check(PUBLISHED);
    noClasses()
        .should()
        .callMethod(UUID.class, "nameUUIDFromBytes", byte[].class) // MD5 of what may be known
        .check(PUBLISHED);
  }

  @Test
  @DisplayName("J-6 no text or bytes say which classes are made of them")
  void readers_thatMakeObjectsOfAnyClass_areNotUsed() {
    noClasses()
        .should()
        .dependOnClassesThat(DescribedPredicate.describe(
                "make what the input names",
                (JavaClass c) -> c.isAssignableTo(ObjectInputStream.class))
            .or(resideInAnyPackage(
                "java.beans..",
                "javax.xml..",
                "org.yaml..",
                "com.fasterxml.jackson.annotation..",
                "com.fasterxml.jackson.databind..")))
        .check(PUBLISHED);
  }

  /** The public types in the signatures of a type's public members, and in those of theirs. */
  private static Set<JavaClass> shownBy(JavaClass door) {
    Set<JavaClass> shown = new HashSet<>(Set.of(door));
    ArrayDeque<JavaClass> open = new ArrayDeque<>(shown);
    while (!open.isEmpty()) {
      for (JavaClass seen : signatureTypes(open.remove())) {
        for (JavaClass each : List.of(seen, outermost(seen))) {
          if (each.getPackageName().equals(door.getPackageName()) && shown.add(each)) {
            open.add(each);
          }
        }
      }
    }
    return shown;
  }

  private static JavaClass outermost(JavaClass type) {
    JavaClass current = type;
    while (current.getEnclosingClass().isPresent()) {
      current = current.getEnclosingClass().get();
    }
    return current;
  }

  private static Set<JavaClass> signatureTypes(JavaClass type) {
    Stream<JavaType> ofCode = type.getCodeUnits().stream()
        .filter(ArchitectureTest::isVisible)
        .flatMap(ArchitectureTest::typesOf);
    Stream<JavaType> ofFields =
        type.getFields().stream().filter(ArchitectureTest::isVisible).map(JavaField::getType);
    return Stream.concat(ofCode, ofFields)
        .flatMap(seen -> seen.getAllInvolvedRawTypes().stream())
        .collect(Collectors.toSet());
  }

  private static Stream<JavaType> typesOf(JavaCodeUnit unit) {
    return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream());
  }

  private static boolean isVisible(com.tngtech.archunit.core.domain.JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static boolean isValue(JavaClass type) {
    return type.isRecord()
        || type.isEnum()
        || type.isInterface()
        || type.isAssignableTo(RuntimeException.class);
  }

  private static ArchCondition<JavaClass> showOnly(DescribedPredicate<JavaClass> allowed) {
    return new ArchCondition<>("show only " + allowed.getDescription()) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        signatureTypes(type).stream()
            .filter(DescribedPredicate.not(allowed))
            .forEach(seen -> events.add(
                SimpleConditionEvent.violated(type, type.getName() + " shows " + seen.getName())));
      }
    };
  }
}
