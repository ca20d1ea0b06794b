package dev.strongroom.spi;

/**
 * The type of a declared parameter, and what else it may be written as. Same conversions as OpenBao
 * v2.6.2 {@code sdk/framework/field_data.go}, because its clients send numbers as text and lists as
 * single values.
 */
public enum FieldType {
  /** A string; numbers and booleans count as their text. */
  TEXT,
  /**
   * A 64-bit integer, or its text, decimal or with prefix {@code 0x}, {@code 0o}, {@code 0b}; empty
   * text and null are 0.
   */
  INTEGER,
  /**
   * A boolean, 0 or 1, or text that Go's {@code strconv.ParseBool} takes; empty text and null are
   * false.
   */
  FLAG,
  /**
   * Whole seconds as a number or text, or a duration as {@link DurationText} reads it; empty text
   * is zero, null is not given.
   */
  DURATION,
  /** An object. */
  OBJECT,
  /** An array of strings, or one string. */
  TEXTS,
  /** An array of strings, or one string with commas between them. */
  COMMA_TEXTS,
  /** An array of integers, one integer, or a string with commas between them. */
  INTEGERS,
  /** An object with string values, or an array of {@code name=value}. */
  PAIRS
}
