package dev.strongroom.testkit.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What is in the cluster, and who may ask about it. Rights belong to names, as roles do. */
final class Cluster {
  private record Name(String namespace, String name) {}

  @GuardedBy("this")
  private final Map<String, Map<String, String>> namespaces = new HashMap<>();

  @GuardedBy("this")
  private final Map<Name, ServiceAccount> accounts = new HashMap<>();

  @GuardedBy("this")
  private final Map<Name, Pod> pods = new HashMap<>();

  @GuardedBy("this")
  private final Set<String> reviewers = new HashSet<>();

  @GuardedBy("this")
  private final Set<String> namespaceReaders = new HashSet<>();

  @GuardedBy("this")
  private final Set<String> accountReaders = new HashSet<>();

  synchronized void putNamespace(String name, Map<String, String> labels) {
    namespaces.put(name, new LinkedHashMap<>(labels));
  }

  synchronized void removeNamespace(String name) {
    namespaces.remove(name);
    accounts.keySet().removeIf(key -> key.namespace().equals(name));
    pods.keySet().removeIf(key -> key.namespace().equals(name));
  }

  synchronized Optional<Map<String, String>> labels(String namespace) {
    return Optional.ofNullable(namespaces.get(namespace)).map(Map::copyOf);
  }

  synchronized ServiceAccount addAccount(String namespace, String name) {
    namespaces.putIfAbsent(namespace, Map.of());
    return accounts.computeIfAbsent(
        new Name(namespace, name), key -> new ServiceAccount(namespace, name, newUid()));
  }

  synchronized void removeAccount(ServiceAccount account) {
    accounts.remove(new Name(account.namespace(), account.name()));
  }

  synchronized Optional<ServiceAccount> account(String namespace, String name) {
    return Optional.ofNullable(accounts.get(new Name(namespace, name)));
  }

  synchronized Pod addPod(String name, ServiceAccount account) {
    return pods.computeIfAbsent(
        new Name(account.namespace(), name), key -> new Pod(name, newUid(), account));
  }

  synchronized void removePod(Pod pod) {
    pods.remove(new Name(pod.namespace(), pod.name()));
  }

  synchronized Optional<Pod> pod(String namespace, String name) {
    return Optional.ofNullable(pods.get(new Name(namespace, name)));
  }

  synchronized void setReviewer(ServiceAccount account, boolean allowed) {
    set(reviewers, account, allowed);
  }

  synchronized boolean isReviewer(String user) {
    return reviewers.contains(user);
  }

  synchronized void setNamespaceReader(ServiceAccount account, boolean allowed) {
    set(namespaceReaders, account, allowed);
  }

  synchronized boolean isNamespaceReader(String user) {
    return namespaceReaders.contains(user);
  }

  synchronized void setAccountReader(ServiceAccount account, boolean allowed) {
    set(accountReaders, account, allowed);
  }

  synchronized boolean isAccountReader(String user) {
    return accountReaders.contains(user);
  }

  private static void set(Set<String> users, ServiceAccount account, boolean allowed) {
    if (allowed) {
      users.add(account.userName());
    } else {
      users.remove(account.userName());
    }
  }

  private static String newUid() {
    return UUID.randomUUID().toString();
  }
}
