package dev.strongroom.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link RecordKind} and the {@link StorageKey}s it makes. */
class RecordKindTest {
  private static final RecordCodec<String> CODEC =
      RecordCodec.of(1, (text, out) -> out.text(text), RecordReader::text);
  private static final RecordKind<String> TREE = RecordKind.tree("tree", CODEC);
  private static final RecordKind<String> ATTACHED = RecordKind.attached("attached", CODEC);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "kv_2",
        "a b",
        "a/b",
        "ä",
        "name\n",
        "ı",
        "abcdefghijklmnopqrstuvwxyz-012345"
      })
  void kind_withAnotherName_isRefused(String name) {
    assertThatThrownBy(() -> RecordKind.secretTree(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a kind is named by 1 to 32 characters of a-z, 0-9 and -");
  }

  @Test
  void kind_tellsTreesFromAttachedOnesAndSecretsFromRecords() {
    assertThat(TREE.isTree()).isTrue();
    assertThat(TREE.codec()).contains(CODEC);
    assertThat(ATTACHED.isTree()).isFalse();
    assertThat(RecordKind.secretTree("s").isTree()).isTrue();
    assertThat(RecordKind.secretTree("s").codec()).isEmpty();
    assertThat(RecordKind.secretAttached("s").isTree()).isFalse();
    assertThat(RecordKind.secretAttached("abcdefghijklmnopqrstuvwxyz-01234").name())
        .hasSize(32);
  }

  @ParameterizedTest
  @CsvSource({"a, '', a", "a/b, a/, b", "a/b/c, a/b/, c", "'', '', ''", "a/, a/, ''"})
  void at_aPath_liesInItsFolder(String path, String parent, String name) {
    StorageKey<String> key = TREE.at(path);

    assertThat(key.parent()).isEqualTo(parent);
    assertThat(key.name()).isEqualTo(name);
    assertThat(key.kind()).isSameAs(TREE);
  }

  @Test
  void at_forTheOtherShape_isRefused() {
    assertThat(ATTACHED.at("owner", "1").parent()).isEqualTo("owner");
    assertThatThrownBy(() -> TREE.at("owner", "name"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("tree records lie in a tree: they have no owner");
    assertThatThrownBy(() -> ATTACHED.at("path"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("attached records are attached: name their owner");
  }

  @Test
  void key_ofTheSamePlace_isEqualAndPrintsNoName() {
    assertThat(TREE.at("a/b"))
        .isEqualTo(RecordKind.tree("tree", CODEC).at("a/b"))
        .hasSameHashCodeAs(TREE.at("a/b"))
        .isNotEqualTo(TREE.at("a/c"))
        .isNotEqualTo(TREE.at("b/b"))
        .isNotEqualTo(RecordKind.secretTree("other").at("a/b"))
        .isNotEqualTo("a/b")
        .hasToString("StorageKey[tree]");
  }

  @Test
  void encoded_hasLengthsBeforeItsParts() {
    assertThat(HexFormat.of().formatHex(ATTACHED.at("ä", "n").encoded()))
        .isEqualTo("08" + "6174746163686564" + "0002" + "c3a4" + "0001" + "6e");
  }

  @Test
  void encoded_ofDifferentKeys_isNeverTheSame() {
    String[] parts = {"", "a", "aa", "b", "\0", "\0\1a", "a\0\1", "ä", "?"};
    Set<String> seen = new HashSet<>();
    for (RecordKind<?> kind :
        new RecordKind<?>[] {ATTACHED, RecordKind.secretAttached("attache")}) {
      for (String owner : parts) {
        for (String name : parts) {
          assertThat(seen.add(HexFormat.of().formatHex(kind.at(owner, name).encoded())))
              .isTrue();
        }
      }
    }
  }

  @Test
  void encoded_whatCouldPassForAnotherKey_isRefused() {
    StorageKey<String> longest = ATTACHED.at("x".repeat(65_535), "y".repeat(65_535));

    assertThat(longest.encoded()).hasSize(5 + 8 + 2 * 65_535);
    for (StorageKey<?> longer :
        Set.of(ATTACHED.at("x".repeat(65_536), ""), ATTACHED.at("", "ä".repeat(32_768)))) {
      assertThatThrownBy(longer::encoded)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("parents and names of records are at most 65535 bytes long, but got 65536");
    }
    assertThatThrownBy(() -> ATTACHED.at("", "a\ud800").encoded())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("text must not contain lone surrogates");
  }
}
