package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.dbsecrets.internal.postgres.Databases;
import dev.strongroom.dbsecrets.internal.url.TlsFiles;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The engine of one mount. */
final class DatabaseEngine implements SecretEngine {
  private final Databases databases;
  private final StaticRotation staticRotation;
  private final RootRotation rootRotation;
  private final List<Route> routes;

  DatabaseEngine(MountContext context, TlsFiles files, Limits limits) {
    Passwords passwords = new Passwords(context);
    this.databases = new Databases(context::requireOutside, files);
    this.staticRotation = new StaticRotation(context, databases, passwords);
    this.rootRotation = new RootRotation(context, databases, passwords);
    Claims claims = new Claims(context);
    this.routes = Stream.of(
            new ConfigPath(context, databases, rootRotation, claims, files, limits.connections())
                .routes(),
            new RolePath(limits.roles()).routes(),
            new CredsPath(context, databases, passwords).routes(),
            new StaticRolePath(context, staticRotation, claims, limits.roles()).routes(),
            new RotateRootPath(rootRotation).routes(),
            new PreflightPath(databases).routes())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public List<Route> routes() {
    return routes;
  }

  @Override
  public Optional<String> api() {
    return Optional.of(DatabaseEngineType.API);
  }

  @Override
  public List<RecordKind<?>> records() {
    return List.of(
        ConnectionConfig.KIND,
        RoleRecord.KIND,
        StaticRole.KIND,
        StaticRole.PASSWORD,
        Creations.KIND);
  }

  @Override
  public Optional<Instant> tend() {
    return Stream.of(rootRotation.settleAll(), staticRotation.carryOutDue())
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  @Override
  public void close() {
    databases.close();
  }
}
