package dev.strongroom.dbsecrets.internal.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionUrlTest {
  private static final String CANARY = "p%40ss\"'\\CANARY";

  private static JdbcTarget target(String url) {
    return ConnectionUrl.parse(url).resolve("u", CANARY, /* escaped= */ false);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\u0001',
      value = {
        "postgresql://{{username}}:{{password}}@host:5432/mydb?sslmode=disable ~"
            + " jdbc:postgresql://host:5432/mydb",
        "postgres://{{username}}:{{password}}@a.example,b:6432/db ~"
            + " jdbc:postgresql://a.example:5432,b:6432/db",
        "postgresql://{{username}}:{{password}}@[::1]:5433/db ~ jdbc:postgresql://[::1]:5433/db",
        "postgresql://{{username}}:{{password}}@[fe80::1],h/my%20db%2fx ~"
            + " jdbc:postgresql://[fe80::1]:5432,h:5432/my+db%2Fx",
        "postgresql://host ~ jdbc:postgresql://host:5432/",
        "postgresql:///db ~ jdbc:postgresql://localhost:5432/db",
        "postgresql:// ~ jdbc:postgresql://localhost:5432/",
        "host=h port=5433 dbname='my db' user={{username}} password='{{password}}' ~"
            + " jdbc:postgresql://h:5433/my+db",
        "  host = a,b port=1,2 database = x ~ jdbc:postgresql://a:1,b:2/x",
        "host=a,b port=7 ~ jdbc:postgresql://a:7,b:7/"
      })
  void resolve_form_isItsAddressAndTheValuesBesideIt(String url, String expected) {
    JdbcTarget target = target(url);
    assertThat(target.url()).isEqualTo(expected);
    assertThat(target.user()).isEqualTo("u");
    assertThat(target.password()).isEqualTo(CANARY);
    assertThat(target).asString().doesNotContain("CANARY");
    assertThat(target.properties().toString()).doesNotContain("CANARY");
  }

  @Test
  void resolve_valuesOfTheUrlItself_areDecodedAndMayHoldPlaceholders() {
    JdbcTarget target = target("postgresql://{{username}}%40server:a%2F{{password}}+b@host/db");
    assertThat(target.user()).isEqualTo("u@server");
    assertThat(target.password()).isEqualTo("a/" + CANARY + "+b");
    assertThat(target("user='it\\'s' password=a\\ b").user()).isEqualTo("it's");
    assertThat(target("user='it\\'s' password=a\\ b").password()).isEqualTo("a b");
    assertThat(target("postgresql://h/d?user=a%26b&password=c+d").user()).isEqualTo("a&b");
    assertThat(target("postgresql://h/d?user=a%26b&password=c+d").password()).isEqualTo("c d");
  }

  @Test
  void resolve_valueWithPlaceholders_isNotReadAgain() {
    JdbcTarget target = ConnectionUrl.parse("postgresql://{{username}}:{{password}}@h/d")
        .resolve("{{password}}@evil:1/x?sslmode=disable", "{{username}}", /* escaped= */ false);
    assertThat(target.url()).isEqualTo("jdbc:postgresql://h:5432/d");
    assertThat(target.user()).isEqualTo("{{password}}@evil:1/x?sslmode=disable");
    assertThat(target.password()).isEqualTo("{{username}}");
  }

  @Test
  void resolve_escapedValues_areDecodedForUrlsOnly() {
    ConnectionUrl url = ConnectionUrl.parse("postgresql://{{username}}:{{password}}@h/d");
    assertThat(url.resolve("u", "a%40b", /* escaped= */ true).password()).isEqualTo("a@b");
    assertThat(ConnectionUrl.parse("host=h")
            .resolve("u", "a%40b", /* escaped= */ true)
            .password())
        .isEqualTo("a%40b");
    assertThatThrownBy(() -> url.resolve("u", "a%4", /* escaped= */ true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void resolve_parameters_areTheDriversProperties() {
    assertThat(target("postgresql://h/d?sslmode=verify-ca&sslrootcert=%2Fca.pem&sslcert=c&sslkey=k"
                + "&application_name=my+app&connect_timeout=5&target_session_attrs=read-write"
                + "&channel_binding=require&timezone=utc")
            .properties())
        .containsEntry("sslmode", "verify-ca")
        .containsEntry("sslrootcert", "/ca.pem")
        .containsEntry("sslcert", "c")
        .containsEntry("sslkey", "k")
        .containsEntry("ApplicationName", "my app")
        .containsEntry("connectTimeout", "5")
        .containsEntry("loginTimeout", "5")
        .containsEntry("targetServerType", "primary")
        .containsEntry("channelBinding", "require")
        .doesNotContainKeys("sslfactory", "timezone", "");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "postgresql://localhost/d, prefer, ''",
    "'postgresql://127.0.0.1,[::1]/d', prefer, ''",
    "postgresql:///d, prefer, ''",
    "'postgresql://localhost,far/d', verify-full, org.postgresql.ssl.DefaultJavaSSLFactory",
    "postgresql://127.0.0.1.evil/d, verify-full, org.postgresql.ssl.DefaultJavaSSLFactory",
    "postgresql://far/d?sslmode=require, require, ''",
    "postgresql://far/d?sslrootcert=ca, verify-full, ''",
    "postgresql://far/d?sslrootcert=system, verify-full, org.postgresql.ssl.DefaultJavaSSLFactory"
  })
  void resolve_hostThatIsFar_isVerified(String url, String mode, String factory) {
    assertThat(target(url).properties()).containsEntry("sslmode", mode);
    assertThat(target(url).properties().getOrDefault("sslfactory", "")).isEqualTo(factory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socketFactory",
        "socketFactoryArg",
        "sslfactory",
        "sslfactoryarg",
        "sslhostnameverifier",
        "sslpasswordcallback",
        "authenticationPluginClassName",
        "xmlFactoryFactory",
        "connectExecutor",
        "jaasApplicationName",
        "sspiServiceClass",
        "loggerFile",
        "loggerLevel",
        "options",
        "service",
        "passfile",
        "sslpassword",
        "currentSchema",
        "preferQueryMode",
        "allowMultiQueries",
        "hostaddr",
        "%73ocketFactory",
        "SSLMODE",
        ""
      })
  void parse_anyOtherParameter_isRefused(String word) {
    for (String name : new String[] {word, word.toUpperCase(Locale.ROOT)}) {
      assertRefused("postgresql://h/d?" + name + "=x", "the only parameters that are allowed are");
      assertRefused("postgresql://h/d?sslmode=disable&" + name + "=x", "");
    }
    assertRefused("host=h " + word + "=x", "");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      value = {
        "postgresql://h/d?sslmode=disable&sslmode=require ~ something is given twice",
        "postgresql://u:p@h/d?user=v ~ something is given twice",
        "host=a host=b ~ something is given twice",
        "postgresql://h/d?sslmode=maybe ~ sslmode is one of disable, allow",
        "postgresql://h/d?connect_timeout=-1 ~ connect_timeout is 0 to 20 seconds",
        "postgresql://h/d?connect_timeout=21 ~ connect_timeout is 0 to 20 seconds",
        "postgresql://h/d?target_session_attrs=x ~ target_session_attrs is one of any",
        "postgresql://h/d?application_name=%0A ~ application_name is 1 to 63 printable",
        "postgresql://h/d?sslcert=c ~ sslcert and sslkey are given together",
        "postgresql://h/d?timezone=CET ~ timezone is always UTC",
        "postgresql://h/d?sslmode ~ a parameter has no value",
        "postgresql://h:0/d ~ a port is 1 to 65535",
        "postgresql://h:65536/d ~ a port is 1 to 65535",
        "postgresql://h:/d ~ a port is 1 to 65535",
        "postgresql://%2Fvar%2Frun/d ~ a host is a name or an address",
        "postgresql://h&x/d ~ a host is a name or an address",
        "postgresql://[::1/d ~ a host is a name or an address",
        "postgresql://h/d#x ~ # is written %23",
        "postgresql://u:p%@h/d ~ two hexadecimal digits",
        "postgresql://u:p%ff@h/d ~ not UTF-8",
        "postgresql://{{name}}:x@h/d ~ only {{username}} and {{password}} are replaced",
        "postgresql://{{username}}/d ~ can only stand for the user and the password",
        "postgresql://h/{{username}} ~ can only stand for the user and the password",
        "postgresql://h/d?application_name={{password}} ~ can only stand for the user",
        "host={{username}} ~ can only stand for the user",
        "jdbc:postgresql://h/d ~ it begins with postgres://",
        "mysql://h/d ~ it begins with postgres://",
        "host=a port=1,2 ~ one for each host",
        "host='a ~ a value is never closed",
        "host='a\\' ~ a value is never closed",
        "host=a\\ ~ a value is never closed",
        "host ~ not of the form keyword=value",
        "=a ~ not of the form keyword=value"
      })
  void parse_whatIsNoUrl_isRefused(String url, String problem) {
    assertRefused(url, problem);
  }

  private static void assertRefused(String url, String problem) {
    assertThatThrownBy(() -> ConnectionUrl.parse(url))
        .as(url)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("cannot parse connection url: ")
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://u:CANARY/@h/d",
        "postgresql://u:x?CANARY=1@h/d",
        "postgresql://u:CANARY#@h/d",
        "postgresql://h/d?password=a&CANARY=b",
        "postgresql://h:CANARY/d",
        "postgresql://h/d?sslmode=CANARY",
        "password='CANARY",
        "password=x CANARY"
      })
  void parse_passwordInTheWrongPlace_isNotRepeated(String url) {
    assertThatThrownBy(() -> ConnectionUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("CANARY")
        .cause()
        .hasMessageNotContaining("CANARY");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\u0001',
      value = {
        "postgresql://u:CANARY@h/d ~ postgresql://u:xxxxx@h/d",
        "postgresql://{{username}}:CAN@ARY@h/d ~ postgresql://{{username}}:xxxxx@h/d",
        "postgresql://h/d?password=CANARY&sslmode=disable ~"
            + " postgresql://h/d?password=xxxxx&sslmode=disable",
        "host=h password='CAN ARY' user=u ~ host=h password=xxxxx user=u",
        "host=h password=CANARY ~ host=h password=xxxxx"
      })
  void masked_passwordOfItsOwn_isHidden(String url, String expected) {
    ConnectionUrl parsed = ConnectionUrl.parse(url);
    assertThat(parsed.hasLiteralPassword()).isTrue();
    assertThat(parsed.masked()).isEqualTo(expected);
    assertThat(parsed).hasToString(expected);
  }

  @Test
  void masked_template_isWhatWasWritten() {
    String url = "postgresql://{{username}}:{{password}}@host:5432/mydb?sslmode=disable";
    assertThat(ConnectionUrl.parse(url).masked()).isEqualTo(url);
    assertThat(ConnectionUrl.parse(url).hasLiteralPassword()).isFalse();
  }

  @Test
  void parse_nothingOrTooMuch_isRefused() {
    assertThatThrownBy(() -> ConnectionUrl.parse(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("connection_url cannot be empty");
    assertRefused("host=" + "h".repeat(8_192), "more than 8192 characters");
    assertRefused("postgresql://" + "h,".repeat(16) + "h/d", "there are at most 16 hosts");
  }
}
