package dev.strongroom.examples.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import io.kubernetes.client.openapi.models.V1ClusterRole;
import io.kubernetes.client.openapi.models.V1ClusterRoleBinding;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** The manifests against the schemas that Kubernetes publishes, and against each other. */
class ManifestsTest {
  private static final Gson GSON = new GsonBuilder()
      .registerTypeAdapter(OffsetDateTime.class, new NoMoments())
      .create();

  private static final Map<String, Kind<?>> KINDS = Map.of(
      "v1 Namespace", new Kind<>(V1Namespace.class, V1Namespace::validateJsonElement),
      "v1 ServiceAccount",
          new Kind<>(V1ServiceAccount.class, V1ServiceAccount::validateJsonElement),
      "v1 PersistentVolumeClaim",
          new Kind<>(V1PersistentVolumeClaim.class, V1PersistentVolumeClaim::validateJsonElement),
      "v1 Service", new Kind<>(V1Service.class, V1Service::validateJsonElement),
      "v1 Pod", new Kind<>(V1Pod.class, V1Pod::validateJsonElement),
      "apps/v1 Deployment", new Kind<>(V1Deployment.class, V1Deployment::validateJsonElement),
      "rbac.authorization.k8s.io/v1 ClusterRole",
          new Kind<>(V1ClusterRole.class, V1ClusterRole::validateJsonElement),
      "rbac.authorization.k8s.io/v1 ClusterRoleBinding",
          new Kind<>(V1ClusterRoleBinding.class, V1ClusterRoleBinding::validateJsonElement));

  private static List<Object> objects;

  /** Refuses what its schema does not have. */
  private interface Schema {
    void check(JsonElement object) throws IOException;
  }

  private record Kind<T>(Class<T> type, Schema schema) {
    T read(JsonObject object) throws IOException {
      schema.check(object);
      return GSON.fromJson(object, type); // the types of the values, too
    }
  }

  @BeforeAll
  static void readAll() throws IOException {
    objects = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("manifests"))) {
      for (Path file : files.sorted().toList()) {
        objects.addAll(read(Files.readString(file)));
      }
    }
  }

  private static List<Object> read(String text) throws IOException {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    List<Object> read = new ArrayList<>();
    for (Object document : new Yaml(strict).loadAll(text)) {
      JsonObject object = GSON.toJsonTree(document).getAsJsonObject();
      String kind =
          object.get("apiVersion").getAsString() + " " + object.get("kind").getAsString();
      read.add(KINDS.get(kind).read(object));
    }
    return read;
  }

  @Test
  void everyKind_isThere() {
    assertThat(objects)
        .extracting(Object::getClass)
        .containsExactlyInAnyOrder(
            V1Namespace.class,
            V1ServiceAccount.class,
            V1PersistentVolumeClaim.class,
            V1Deployment.class,
            V1Service.class,
            V1ClusterRoleBinding.class,
            V1ClusterRole.class,
            V1ClusterRoleBinding.class,
            V1ServiceAccount.class,
            V1Pod.class);
  }

  @Test
  void unknownFields_andWrongTypes_areRefused() throws IOException {
    String service = Files.readString(Path.of("manifests/vault.yaml"));

    assertThatThrownBy(() -> read(service.replace("targetPort:", "targetport:")))
        .hasMessageContaining("`targetport`");
    assertThatThrownBy(() -> read(service.replace("runAsNonRoot:", "runAsNonroot:")))
        .hasMessageContaining("`runAsNonroot`");
    assertThatThrownBy(() -> read(service.replace("replicas: 1", "replicas: one")))
        .hasMessageContaining("one");
    assertThatThrownBy(() -> read(service.replace("  selector:\n    matchLabels", "  x:\n    y")))
        .hasMessageContaining("`x`");
  }

  @Test
  void service_leadsToTheServer() {
    V1Service service = the(V1Service.class);
    V1Deployment deployment = the(V1Deployment.class);
    V1Container server = container(deployment.getSpec().getTemplate().getSpec());

    assertThat(service.getSpec().getSelector())
        .isEqualTo(deployment.getSpec().getTemplate().getMetadata().getLabels())
        .isEqualTo(deployment.getSpec().getSelector().getMatchLabels());
    assertThat(service.getSpec().getPorts().get(0).getTargetPort().getStrValue())
        .isEqualTo(server.getPorts().get(0).getName());
    assertThat(server.getArgs()).contains(":" + server.getPorts().get(0).getContainerPort());
  }

  @Test
  void volumes_areThoseThatAreMounted() {
    V1PodSpec pod = the(V1Deployment.class).getSpec().getTemplate().getSpec();

    assertThat(container(pod).getVolumeMounts())
        .extracting(mount -> mount.getName())
        .containsExactlyInAnyOrderElementsOf(
            pod.getVolumes().stream().map(volume -> volume.getName()).toList());
    assertThat(pod.getVolumes().get(0).getPersistentVolumeClaim().getClaimName())
        .isEqualTo(the(V1PersistentVolumeClaim.class).getMetadata().getName());
  }

  @Test
  void bindings_areForTheVaultsAccount() {
    V1Deployment deployment = the(V1Deployment.class);
    List<V1ClusterRoleBinding> bindings = all(V1ClusterRoleBinding.class).toList();

    assertThat(bindings)
        .extracting(binding -> binding.getRoleRef().getName())
        .containsExactly(
            "system:auth-delegator", the(V1ClusterRole.class).getMetadata().getName());
    assertThat(bindings).flatExtracting(binding -> binding.getSubjects()).allSatisfy(subject -> {
      assertThat(subject.getName())
          .isEqualTo(deployment.getSpec().getTemplate().getSpec().getServiceAccountName());
      assertThat(subject.getNamespace())
          .isEqualTo(deployment.getMetadata().getNamespace())
          .isEqualTo(the(V1Namespace.class).getMetadata().getName());
    });
  }

  @Test
  void role_isForTheApplicationsAccount_andItsToken() throws IOException {
    V1Pod app = the(V1Pod.class);
    JsonObject role =
        GSON.fromJson(Files.readString(Path.of("vault/myapp-role.json")), JsonObject.class);

    assertThat(role.get("bound_service_account_names").getAsString())
        .isEqualTo(app.getSpec().getServiceAccountName());
    assertThat(role.get("bound_service_account_namespaces").getAsString())
        .isEqualTo(app.getMetadata().getNamespace());
    assertThat(app.getSpec().getVolumes().get(0).getProjected().getSources().get(0))
        .satisfies(source -> assertThat(source.getServiceAccountToken().getAudience())
            .isEqualTo(role.get("audience").getAsString()));
  }

  @Test
  void containers_mayDoNothingTheyNeedNot() {
    for (V1PodSpec pod : List.of(
        the(V1Deployment.class).getSpec().getTemplate().getSpec(),
        the(V1Pod.class).getSpec())) {
      assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
      assertThat(pod.getSecurityContext().getSeccompProfile().getType())
          .isEqualTo("RuntimeDefault");
      assertThat(container(pod).getSecurityContext()).satisfies(context -> {
        assertThat(context.getAllowPrivilegeEscalation()).isFalse();
        assertThat(context.getReadOnlyRootFilesystem()).isTrue();
        assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
      });
      assertThat(container(pod).getResources().getLimits()).containsKey("memory");
    }
  }

  private static <T> T the(Class<T> type) {
    return all(type).findFirst().orElseThrow();
  }

  private static <T> Stream<T> all(Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast);
  }

  private static V1Container container(V1PodSpec pod) {
    return pod.getContainers().get(0);
  }

  /** There are none in a manifest. */
  private static final class NoMoments extends TypeAdapter<OffsetDateTime> {
    @Override
    public void write(JsonWriter out, OffsetDateTime value) {
      throw new IllegalStateException("a moment");
    }

    @Override
    public OffsetDateTime read(JsonReader in) {
      throw new IllegalStateException("a moment");
    }
  }
}
