package dev.strongroom.internal.template;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Text with places that are filled from named fields, as in <code>
 * {{ .path | replace "a/" "b/" }}{{ .key }}</code>: the part of Go's {@code text/template} that is
 * a chain of functions. Fields are texts; arguments are fields, texts in double quotes or
 * backquotes, and whole numbers; the value of what stands before a bar is the last argument of what
 * stands behind it. A value is put in once and never read as a template again.
 *
 * <p>The functions are those of OpenBao v2.6.2 {@code sdk/helper/template} whose outcome depends on
 * their arguments alone, and that cannot fail: {@code truncate}, {@code truncate_sha256},
 * {@code uppercase}, {@code lowercase}, {@code replace}, {@code sha256}, {@code base64} and
 * {@code hex}. Everything else is refused when the template is parsed: variables, conditions,
 * loops, comparisons, parentheses, trim markers, comments. Immutable and thread-safe.
 */
public final class Template {
  static final int MAX_LENGTH = 4_096;

  /** No value on the way is longer, so that a chain of replacements cannot grow without end. */
  private static final int MAX_VALUE_LENGTH = 16_384;

  private final String text;
  private final List<Part> parts;

  /** Literal text, a field, or a function of other parts. */
  interface Part {
    String fill(Map<String, String> fields);
  }

  private Template(String text, List<Part> parts) {
    this.text = text;
    this.parts = parts;
  }

  /**
   * Reads a template.
   *
   * @param text at most {@value #MAX_LENGTH} characters
   * @param fields the names that it may use
   * @throws IllegalArgumentException if it is not one, or uses what is not part of this; the
   *     message says what and where
   */
  public static Template parse(String text, Set<String> fields) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a template has at most " + MAX_LENGTH + " characters");
    }
    return new Template(text, new TemplateParser(text, fields).parts());
  }

  /**
   * Fills the template.
   *
   * @param fields a value for each name that {@link #parse} was told
   * @throws IllegalArgumentException if a value becomes too long
   */
  public String fill(Map<String, String> fields) {
    StringBuilder filled = new StringBuilder();
    for (Part part : parts) {
      filled.append(part.fill(fields));
      requireLength(filled);
    }
    return filled.toString();
  }

  static void requireLength(CharSequence value) {
    if (value.length() > MAX_VALUE_LENGTH) {
      throw new IllegalArgumentException("a value has at most " + MAX_VALUE_LENGTH + " characters");
    }
  }

  /** Returns the template as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
