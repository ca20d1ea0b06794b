package dev.strongroom.internal.json;

/**
 * Adds up, roughly, what the values of one JSON text take on the heap, and refuses what takes too
 * much: a text of 32 MiB may hold eleven million empty objects. The limit is the default of OpenBao
 * v2.6.2 for {@code max_request_json_memory}; the sizes are those of OpenJDK 17 on 64 bits with
 * compressed references. For one thread.
 */
public final class HeapEstimate {
  static final long MAX_BYTES = Json.MAX_LENGTH + 512L * 1024;

  // Each with the reference that leads to it.
  private static final int OBJECT_BYTES = 176; // map, its table and what makes it unmodifiable
  private static final int ARRAY_BYTES = 112;
  private static final int NAME_BYTES = 80; // entry of the map and string
  private static final int TEXT_BYTES = 48;
  private static final int CONSTANT_BYTES = 8;

  private long bytes;

  /** Begins at zero. */
  public HeapEstimate() {}

  public void addObject() {
    add(OBJECT_BYTES);
  }

  public void addArray() {
    add(ARRAY_BYTES);
  }

  void addName(int length) {
    add(NAME_BYTES + length);
  }

  /** Adds a string, or a number with the length of its literal. */
  void addText(int length) {
    add(TEXT_BYTES + length);
  }

  /** Adds true, false or null. */
  public void addConstant() {
    add(CONSTANT_BYTES);
  }

  private void add(int more) {
    bytes += more;
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "JSON takes at most " + MAX_BYTES + " bytes of memory, by estimate");
    }
  }
}
