package dev.strongroom.kv;

import static dev.strongroom.ErrorCode.NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvalidPathTest {
  private static final String ROOT =
      "Non-listing operations on the root of a K/V v2 mount are not supported.";

  private final TestMount mount = new TestMount();

  @AfterEach
  void closeVault() {
    mount.close();
  }

  @ParameterizedTest(name = "{0} of {1}: kv {2}")
  @CsvSource({
    "READ, foo, get",
    "READ, foo/bar, get",
    "READ, '', get",
    "READ, config/, get",
    "READ, subkeys, get",
    "READ, detailed-metadata, get",
    "UPDATE, foo, put",
    "CREATE, foo, put",
    "PATCH, foo, patch",
    "DELETE, foo, delete",
    "LIST, foo, list",
    "LIST, '', list",
    "LIST, config, list",
    "SCAN, '', scan"
  })
  void any_pathOfVersion1_saysWhichCommandIsMeant(
      Operation operation, String path, String command) {
    assertInvalid(
        mount.ask(operation, path, "{'password':'hunter2'}"),
        "Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. If using the OpenBao CLI, use 'bao kv "
            + command + "' for this operation.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"metadata", "data", "delete", "undelete", "destroy"})
  void any_bareNameOfAFamily_saysThatItIsARoot(String path) {
    assertInvalid(mount.get(path), ROOT);
    assertInvalid(mount.post(path, "{}"), ROOT);
    assertInvalid(mount.delete(path), ROOT);
  }

  @Test
  void write_pathOfVersion1_storesNothing() {
    mount.post("foo", "{'password':'hunter2'}");

    TestMount.assertNothing(mount.list("metadata/"));
  }

  private static void assertInvalid(Response response, String warning) {
    assertThat(response.failure()).contains(NOT_FOUND);
    assertThat(response.errors()).isEmpty();
    assertThat(response.data()).isEmpty();
    assertThat(response.warnings()).containsExactly(warning);
  }
}
