package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.auth.k8s.Relaxation;
import dev.strongroom.auth.k8s.internal.method.RoleRecord.Bound;
import dev.strongroom.spi.AuthMethod;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.Storage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The auth method {@code kubernetes} at one mount. */
final class KubernetesMethod implements AuthMethod {
  private final Cluster cluster;
  private final AccountCheck accounts;
  private final boolean asksForAccounts;
  private final List<Route> routes;

  KubernetesMethod(MountContext context, MethodOptions options, SharedBounds bounds) {
    this.cluster = new Cluster(options, bounds, new LocalFiles(options.folder(), context::now));
    this.accounts = new AccountCheck(cluster, context::now);
    this.asksForAccounts = !options.allows(Relaxation.RENEWALS_WITHOUT_ACCOUNT);
    this.routes = Stream.of(
            new LoginPath(cluster, options.allows(Relaxation.REASONS_IN_REFUSALS)).routes(),
            new ConfigPath(cluster, context.random(), options.allows(Relaxation.UNENCRYPTED_API))
                .routes(),
            new RolePath(options).routes(),
            new ExplainPath(cluster).routes())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public List<Route> routes() {
    return routes;
  }

  @Override
  public Optional<String> api() {
    return Optional.of(KubernetesMethodType.API);
  }

  @Override
  public List<RecordKind<?>> records() {
    return List.of(RoleRecord.KIND, ConfigRecord.KIND);
  }

  /**
   * The role counts as it is now: whom it does not allow any more is not renewed. Whom a selector
   * let in is renewed while the role has that selector, whatever labels the namespace has now.
   */
  @Override
  public Optional<Lifetimes> renew(Storage storage, IssuedToken token) {
    Map<String, String> data = token.data();
    String name = data.getOrDefault(LoginPath.ROLE, "");
    RoleRecord role = RoleRecord.find(storage, name)
        .orElseThrow(() -> new VaultException(
            ErrorCode.NOT_FOUND, "role " + name + " does not exist during renewal"));
    if (!stillAllows(role, data)) {
      throw new VaultException(
          ErrorCode.PERMISSION_DENIED, "the role does not allow the service account any more");
    }
    return Optional.of(
        new Lifetimes(role.tokens().ttl(), role.tokens().maxTtl(), role.tokens().period()));
  }

  @Override
  public Optional<OutsideCheck> beforeRenewal(Storage storage, IssuedToken token) {
    return asksForAccounts ? accounts.of(storage, token) : Optional.empty();
  }

  private static boolean stillAllows(RoleRecord role, Map<String, String> data) {
    return role.bound().allowsName(data.getOrDefault(LoginPath.NAME, ""))
        && stillAllowsNamespace(role.bound(), data)
        && stillAllowsOrigin(role.tokens().boundCidrs(), data.getOrDefault(LoginPath.ORIGIN, ""));
  }

  private static boolean stillAllowsNamespace(Bound bound, Map<String, String> data) {
    String selector = data.getOrDefault(LoginPath.SELECTOR, "");
    return bound.listsNamespace(data.getOrDefault(LoginPath.NAMESPACE, ""))
        || (!selector.isEmpty() && selector.equals(LabelSelector.textOf(bound.selector())));
  }

  /** That the renewal comes from where the token may be used is looked at before. */
  private static boolean stillAllowsOrigin(List<Cidr> blocks, String origin) {
    return blocks.isEmpty()
        || (!origin.isEmpty()
            && blocks.stream().anyMatch(block -> block.covers(Cidr.parse(origin))));
  }

  @Override
  public void close() {
    cluster.close();
  }
}
