package dev.strongroom.spi;

import dev.strongroom.Beta;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open store: rows with revisions, an index of due work, and batches that happen as a whole.
 * Everything in it is encrypted before it arrives. {@code StorageContract} in {@code vault-testkit}
 * is this contract as tests.
 *
 * <p>Thread-safe; all calls may block. An interrupt abandons nothing, and the flag stays. Reads see
 * every batch whose commit has returned, and never a part of one that has not. Arrays are shared,
 * not copied. After {@link #close()} every call throws {@link IllegalStateException}, an argument
 * out of range is an {@link IllegalArgumentException}, every other failure a
 * {@link StorageException}.
 */
@Beta(until = "a second durable store exists")
public interface StorageBackend extends AutoCloseable {

  /** Longest name of a row in bytes. */
  int MAX_NAME_BYTES = 2048;

  /** Longest value of a row in bytes: 8 MiB and the barrier's overhead. */
  int MAX_VALUE_BYTES = 8 * 1024 * 1024 + 64;

  /** Returns a row. */
  Optional<Row> get(RowAddress address);

  /** Returns rows as of one moment, in the order asked for; an address may occur twice. */
  List<Optional<Row>> getAll(List<RowAddress> addresses);

  /**
   * Returns the names of rows under one parent, in the order of their unsigned bytes. A page costs
   * the same wherever it begins, however many names there are.
   *
   * @param parent {@value RowAddress#PARENT_BYTES} bytes
   * @param after only names greater than this one; null: from the first
   * @param max at most this many, at least 1
   */
  List<byte[]> children(byte[] parent, byte @Nullable [] after, int max);

  /**
   * Returns the due rows with a time up to and including {@code untilSeconds}, ordered by time,
   * then id.
   *
   * @param max at most this many, at least 1
   */
  List<DueRow> due(long untilSeconds, int max);

  /**
   * Carries out batches in order, in one durable step: conditions of a batch are checked against
   * the store as the batches before it left it, a batch whose conditions hold gets the next
   * revision, and the others change nothing. Returns when the group is durable, with one result per
   * batch. If the store stops on the way, every result is {@link CommitResult.Unknown}.
   *
   * @throws StorageException if none of the group happened, for a reason that lies in one of its
   *     batches or in the store, such as one that is full; the store can be used further
   */
  List<CommitResult> commit(List<Batch> group);

  /**
   * Returns the revision of the last committed batch, 0 for a store that was never written to.
   * Costs no input or output. A store that was not closed may leave out some revisions; none is
   * ever used again.
   */
  long head();

  /**
   * Hands everything stored to {@code sink}, as of one moment, while others go on reading and
   * writing. What the sink throws ends the snapshot and reaches the caller.
   */
  void snapshot(SnapshotSink sink);

  /**
   * Fills a store that was never written to, in one durable step. Rows keep their revisions. What
   * the source throws reaches the caller, and the store stays empty.
   *
   * @param source is called once and hands everything to the sink it is given; must not call this
   *     store
   * @throws StorageException if the store is not empty, or what it is given is no content of a
   *     store: no head, a row beyond it, or two with one address; it is left as it was
   */
  void restore(Consumer<SnapshotSink> source);

  /**
   * Removes what was deleted or replaced before this call from the store's own files, such as a
   * log; closing does so too. Commits wait meanwhile, so it is for a moment after secrets were
   * deleted, not for each deletion. Copies of a file system or a disk are beyond it.
   *
   * @throws StorageException if it did not succeed, and may later
   */
  void purge();

  /** Returns whether closing loses everything, as the in-memory store does. */
  boolean losesDataOnClose();

  /** Closes the store after the running calls. Closing again does nothing. */
  @Override
  void close();

  /** Takes the content of a store: the head first and once, then rows and due rows in any order. */
  interface SnapshotSink {
    void head(long revision);

    void row(Row row);

    void due(DueRow row);
  }
}
