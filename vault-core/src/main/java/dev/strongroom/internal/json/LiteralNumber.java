package dev.strongroom.internal.json;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A number whose literal, such as {@code 1e2} or {@code -0}, no Java number would print again. */
final class LiteralNumber extends Number {
  private static final long serialVersionUID = 1L;

  private final String literal;

  LiteralNumber(String literal) {
    this.literal = literal;
  }

  @Override
  public int intValue() {
    return new BigDecimal(literal).intValue();
  }

  @Override
  public long longValue() {
    return new BigDecimal(literal).longValue();
  }

  @Override
  public float floatValue() {
    return Float.parseFloat(literal);
  }

  @Override
  public double doubleValue() {
    return Double.parseDouble(literal);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LiteralNumber number && literal.equals(number.literal);
  }

  @Override
  public int hashCode() {
    return literal.hashCode();
  }

  @Override
  public String toString() {
    return literal;
  }
}
