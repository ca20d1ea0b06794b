package dev.strongroom.spi;

/**
 * Writes records of one kind as bytes and reads them again. Every format begins with a number of
 * its own, to tell it from later ones.
 */
public interface RecordCodec<T> {

  void write(T value, RecordWriter out);

  /**
   * Reads what {@link #write} wrote; the reader refuses what is too short, the vault what is left
   * over.
   */
  T read(RecordReader in);
}
