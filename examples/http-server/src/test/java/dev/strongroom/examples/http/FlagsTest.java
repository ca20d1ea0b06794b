package dev.strongroom.examples.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagsTest {

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "server -dev -dev-root-token-id=root -dev-listen-address=127.0.0.1:8300",
        "-dev -dev-root-token-id root -dev-listen-address 127.0.0.1:8300",
        "--dev --dev-root-token-id=root --dev-listen-address=127.0.0.1:8300"
      })
  void parse_inEverySpelling_isTheSame(String line) {
    Flags flags = parse(line);
    assertThat(flags.has("dev")).isTrue();
    assertThat(flags.devValue("dev-root-token-id")).contains("root");
    assertThat(flags.devValue("dev-listen-address")).contains("127.0.0.1:8300");
  }

  @ParameterizedTest(name = "[{0}]: {1}")
  @CsvSource(textBlock = """
          '', 'need exactly one of -dev, -inmem and -data DIR'
          server, 'need exactly one of -dev, -inmem and -data DIR'
          -dev=false, 'need exactly one of -dev, -inmem and -data DIR'
          -dev -inmem, 'need exactly one of -dev, -inmem and -data DIR'
          -dev -data x, 'need exactly one of -dev, -inmem and -data DIR'
          -dev -nothing, unknown argument -nothing
          -dev word, unknown argument word
          dev, unknown argument dev
          -dev=maybe, -dev is true or false
          -inmem, need -listen ADDR
          -data x, need -listen ADDR
          -data, -data needs a value
          -data= -listen :1, -data needs a value
          -inmem -listen, -listen needs a value
          -inmem -listen=, -listen needs a value
          -dev -listen :1, -listen does not go with -dev
          -inmem -listen :1 -dev-root-token-id x, -dev-root-token-id does not go with -inmem
          -inmem -listen :1 -seal-key-file x, -seal-key-file does not go with -inmem
          -data x -listen :1 -tls-cert x, -tls-cert and -tls-key go together
          -data x -listen :1 -tls-key x, -tls-cert and -tls-key go together
          """)
  void parse_whatIsWrong_isSaid(String line, String text) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(text);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"-h", "-help", "--help", "server -dev -h"})
  void wantHelp_inEverySpelling_isTrue(String line) {
    assertThat(Flags.wantHelp(List.of(line.split(" ", -1)))).isTrue();
  }

  @Test
  void wantHelp_withoutIt_isFalse() {
    assertThat(Flags.wantHelp(List.of("-dev", "-dev-root-token-id=help"))).isFalse();
  }

  @Test
  void number_thatIsNone_isRefused() {
    assertThat(parse("-dev -max-connections 12").number("max-connections")).hasValue(12);
    assertThat(parse("-dev").number("max-connections")).isEmpty();
    assertThatThrownBy(() -> parse("-dev -max-connections x").number("max-connections"))
        .hasMessage("-max-connections is a whole number");
  }

  @Test
  void devValue_ofTheEnvironment_isUsedWhereNoFlagIs() {
    Map<String, String> both = Map.of(
        "BAO_DEV_ROOT_TOKEN_ID", "bao",
        "VAULT_DEV_ROOT_TOKEN_ID", "vault",
        "VAULT_DEV_LISTEN_ADDRESS", "127.0.0.1:1");
    assertThat(Flags.parse(List.of("-dev"), both).devValue("dev-root-token-id")).contains("bao");
    assertThat(Flags.parse(List.of("-dev"), both).devValue("dev-listen-address"))
        .contains("127.0.0.1:1");
    assertThat(Flags.parse(List.of("-dev", "-dev-root-token-id=flag"), both)
            .devValue("dev-root-token-id"))
        .contains("flag");
  }

  private static Flags parse(String line) {
    return Flags.parse(line.isEmpty() ? List.of() : List.of(line.split(" ", -1)), Map.of());
  }
}
