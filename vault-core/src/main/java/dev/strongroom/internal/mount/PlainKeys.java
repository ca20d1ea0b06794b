package dev.strongroom.internal.mount;

import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.util.List;

/**
 * Names of members whose values the audit shows as they are, because whoever tunes the mount says
 * that they are no secrets.
 *
 * @param request in parameters of requests; at most {@value #MAX} names
 * @param response in data of answers; at most {@value #MAX} names
 */
public record PlainKeys(List<String> request, List<String> response) {
  private static final int MAX = 128;
  private static final int MAX_LENGTH = 512;

  public static final PlainKeys NONE = new PlainKeys(List.of(), List.of());

  public PlainKeys {
    request = fitting("audit_non_hmac_request_keys", request);
    response = fitting("audit_non_hmac_response_keys", response);
  }

  private static List<String> fitting(String field, List<String> names) {
    boolean fits = names.size() <= MAX
        && names.stream().allMatch(name -> !name.isEmpty() && name.length() <= MAX_LENGTH);
    if (!fits) {
      throw new IllegalArgumentException(
          field + " has at most " + MAX + " names, each of 1 to " + MAX_LENGTH + " characters");
    }
    return names.stream().distinct().toList();
  }

  void write(RecordWriter out) {
    out.all(request, RecordWriter::text).all(response, RecordWriter::text);
  }

  static PlainKeys read(RecordReader in) {
    return new PlainKeys(in.all(RecordReader::text), in.all(RecordReader::text));
  }
}
