package dev.strongroom.dbsecrets.internal.template;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Moments in a layout of Go's {@code time} package: how the reference moment, Monday 2 January 2006
 * 15:04:05 -0700, would be written. Always in UTC. Source: Go 1.25 {@code src/time/format.go}.
 */
final class GoTimeLayout {
  /** The longer ones first; a month or day is a word of its own only before a lower-case letter. */
  private static final Pattern ELEMENT = Pattern.compile("January|Jan(?![a-z])|Monday|Mon(?![a-z])"
      + "|MST|2006|002|_2006|__2|_2|01|02|03|04|05|06|15|PM|pm|-07:00:00|-070000|-07:00|-0700|-07"
      + "|Z07:00:00|Z070000|Z07:00|Z0700|Z07|[.,](?:0+|9+)(?!\\d)|1|2|3|4|5");

  private GoTimeLayout() {}

  static String format(String layout, Instant moment) {
    OffsetDateTime time = moment.atOffset(ZoneOffset.UTC);
    Matcher element = ELEMENT.matcher(layout);
    StringBuilder text = new StringBuilder();
    int from = 0;
    while (element.find(from)) {
      text.append(layout, from, element.start()).append(written(element.group(), time));
      from = element.end();
    }
    return text.append(layout, from, layout.length()).toString();
  }

  private static String written(String element, OffsetDateTime time) {
    return switch (element) {
      case "January" -> by("MMMM", time);
      case "Jan" -> by("MMM", time);
      case "1" -> by("M", time);
      case "01" -> by("MM", time);
      case "Monday" -> by("EEEE", time);
      case "Mon" -> by("EEE", time);
      case "2" -> by("d", time);
      case "_2" -> by("ppd", time);
      case "02" -> by("dd", time);
      case "__2" -> by("pppD", time);
      case "002" -> by("DDD", time);
      case "15" -> by("HH", time);
      case "3" -> by("h", time);
      case "03" -> by("hh", time);
      case "4" -> by("m", time);
      case "04" -> by("mm", time);
      case "5" -> by("s", time);
      case "05" -> by("ss", time);
      case "2006" -> by("yyyy", time);
      case "_2006" -> "_" + by("yyyy", time);
      case "06" -> by("yy", time);
      case "PM" -> by("a", time);
      case "pm" -> by("a", time).toLowerCase(Locale.ROOT);
      case "MST" -> "UTC";
      case "-07" -> "+00";
      case "-0700" -> "+0000";
      case "-07:00" -> "+00:00";
      case "-070000" -> "+000000";
      case "-07:00:00" -> "+00:00:00";
      case "Z07", "Z0700", "Z07:00", "Z070000", "Z07:00:00" -> "Z";
      default -> fraction(element, time);
    };
  }

  private static String by(String pattern, OffsetDateTime time) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
  }

  /** Zeros are digits, nines are digits without zeros at the end; Go has nine of them. */
  private static String fraction(String element, OffsetDateTime time) {
    int digits = Math.min(9, element.length() - 1);
    String all = "%09d".formatted(time.getNano()).substring(0, digits);
    if (element.charAt(1) == '0') {
      return element.charAt(0) + all;
    }
    String kept = all.replaceFirst("0+$", "");
    return kept.isEmpty() ? "" : element.charAt(0) + kept;
  }
}
