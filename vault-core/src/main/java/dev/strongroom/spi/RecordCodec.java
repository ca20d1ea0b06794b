package dev.strongroom.spi;

import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Writes records of one kind as bytes and reads them again. Every format begins with a number of
 * its own, to tell it from later ones: {@link #of} sees to that.
 */
public interface RecordCodec<T> {

  void write(T value, RecordWriter out);

  /**
   * Reads what {@link #write} wrote; the reader refuses what is too short, the vault what is left
   * over.
   */
  T read(RecordReader in);

  /**
   * Returns the codec of one format, whose number it writes before each record and checks before
   * reading one.
   *
   * @param format 0 to 255
   */
  static <T> RecordCodec<T> of(
      int format, BiConsumer<T, RecordWriter> write, Function<RecordReader, T> read) {
    if (format < 0 || format > 255) {
      throw new IllegalArgumentException("a format is a number from 0 to 255, but got " + format);
    }
    return new RecordCodec<>() {
      @Override
      public void write(T value, RecordWriter out) {
        write.accept(value, out.u8(format));
      }

      @Override
      public T read(RecordReader in) {
        in.format(format);
        return read.apply(in);
      }
    };
  }
}
