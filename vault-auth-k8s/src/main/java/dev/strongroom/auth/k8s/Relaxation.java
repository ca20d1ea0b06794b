package dev.strongroom.auth.k8s;

/**
 * A rule of Kubernetes logins that a host program can give up, see
 * {@link KubernetesOptions#allowing}. The reference, OpenBao v2.6.2, has none of these rules.
 */
public enum Relaxation {
  /**
   * Somebody who fails to log in is told what the reference tells, in its order, such as
   * {@code service account name not authorized}, before the API has confirmed who they are. Without
   * it they are told {@code permission denied}, whatever it was.
   *
   * <p>Given up: strangers learn which roles there are, and whom they allow.
   */
  REASONS_IN_REFUSALS,

  /**
   * {@code kubernetes_host} may begin with {@code http}, as for a proxy in the vault's own pod.
   *
   * <p>Given up: whoever is on the way reads tokens, and says who logs in.
   */
  UNENCRYPTED_API,

  /**
   * A role may be written without {@code audience}: it takes tokens that are meant for the API.
   *
   * <p>Given up: whoever gets hold of a token that a pod sends somewhere else logs in with it.
   */
  ROLES_WITHOUT_AUDIENCE,

  /**
   * A role may have {@code *} for both names and namespaces.
   *
   * <p>Given up: a slip in a role lets every pod of the cluster in.
   */
  ROLES_FOR_EVERY_ACCOUNT,

  /**
   * A token is renewed without asking the API whether its service account is still there.
   *
   * <p>Given up: tokens of a service account that was deleted live until their longest lifetime,
   * and those with a period without end.
   */
  RENEWALS_WITHOUT_ACCOUNT
}
