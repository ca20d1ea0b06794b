package dev.strongroom.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Payload;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {
  /** The cases of RFC 7396, appendix A, whose target and patch are objects, and some more. */
  @ParameterizedTest(name = "{0} patched with {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':'b'}|{'a':'c'}|{'a':'c'}",
        "{'a':'b'}|{'b':'c'}|{'a':'b','b':'c'}",
        "{'a':'b'}|{'a':null}|{}",
        "{'a':'b','b':'c'}|{'a':null}|{'b':'c'}",
        "{'a':['b']}|{'a':'c'}|{'a':'c'}",
        "{'a':'c'}|{'a':['b']}|{'a':['b']}",
        "{'a':{'b':'c'}}|{'a':{'b':'d','c':null}}|{'a':{'b':'d'}}",
        "{'a':[{'b':'c'}]}|{'a':[1]}|{'a':[1]}",
        "{'e':null}|{'a':1}|{'e':null,'a':1}",
        "{}|{'a':{'bb':{'ccc':null}}}|{'a':{'bb':{}}}",
        "{'a':{'b':1}}|{'a':null}|{}",
        "{'a':1}|{'a':{'b':2,'c':null}}|{'a':{'b':2}}",
        "{'a':null}|{'a':{'b':null}}|{'a':{}}",
        "{'a':[1]}|{'a':{'b':2}}|{'a':{'b':2}}",
        "{'a':{'b':1}}|{'a':2}|{'a':2}",
        "{'a':{'b':1}}|{'a':{}}|{'a':{'b':1}}",
        "{'a':1}|{'a':[null,{'b':null}]}|{'a':[null,{'b':null}]}",
        "{'a':1}|{'none':null}|{'a':1}",
        "{'a':1.0,'b':1}|{'b':12345678901234567890.10}|{'a':1.0,'b':12345678901234567890.10}",
        "{'a':1}|{}|{'a':1}",
        "{}|{}|{}"
      })
  void apply_patch_givesTheResult(String target, String patch, String result) {
    Map<String, ?> merged = MergePatch.apply(members(target), members(patch));

    assertThat(new String(Payload.of(merged).toJson(), StandardCharsets.UTF_8).replace('"', '\''))
        .isEqualTo(result);
  }

  @Test
  void apply_patch_leavesTargetAndPatchAlone() {
    Map<String, Object> target = new HashMap<>(Map.of("a", new HashMap<>(Map.of("b", 1))));
    Map<String, Object> patch = Map.of("a", Map.of("c", 2), "d", 3);

    MergePatch.apply(target, patch);

    assertThat(target).isEqualTo(Map.of("a", Map.of("b", 1)));
  }

  private static Map<String, ?> members(String json) {
    return Payload.parse(json.replace('\'', '"')).toMap();
  }
}
