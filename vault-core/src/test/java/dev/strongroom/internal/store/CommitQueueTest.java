package dev.strongroom.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryStorage;
import dev.strongroom.KeyShares;
import dev.strongroom.VaultException;
import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.barrier.BarrierView;
import dev.strongroom.internal.barrier.Keyring;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.CommitResult.Committed;
import dev.strongroom.spi.CommitResult.Conflict;
import dev.strongroom.spi.CommitResult.Unknown;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CommitQueueTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Gate gate = new Gate();
  private final StorageBackend store = gate.store();
  private final Keyring keyring = Keyring.create(
      new Keyring.SealedBy("shamir", new KeyShares(1, 1)), Optional.empty(), Instant.EPOCH, RANDOM);
  private final Barrier barrier = new Barrier(keyring, RANDOM);
  private final BarrierView system = barrier.view(new byte[16], new byte[32]);
  private final List<StorageException> unknown = Collections.synchronizedList(new ArrayList<>());
  private final CommitQueue queue =
      new CommitQueue(store, new StateRow(system, store), () -> NOW, unknown::add);

  @Nested
  class OneCaller {
    @Test
    void commit_aBatch_isDurableTogetherWithTheStateOfTheVault() {
      assertThat(queue.commit(put("a"))).isEqualTo(new Committed(1));

      assertThat(store.get(address("a"))).isPresent();
      assertThat(gate.groups).containsExactly(2);
      assertThat(new StateRow(system, store).latest()).isEqualTo(NOW);
    }

    @Test
    void commit_aConditionThatDoesNotHold_isAConflict() {
      queue.commit(put("a"));

      assertThat(queue.commit(
              new Batch(List.of(new Batch.Absent(address("a"))), put("a").changes())))
          .isEqualTo(new Conflict(List.of(address("a"))));
    }

    @Test
    void afterEachGroup_runsWhenTheGroupIsDurable() {
      List<Boolean> durable = new ArrayList<>();
      queue.afterEachGroup(() -> durable.add(store.get(address("a")).isPresent()));

      queue.commit(put("a"));

      assertThat(durable).containsExactly(true);
    }

    @Test
    void commit_thatTheStoreRefuses_isThrownAtTheCallerWithItsCause() {
      StorageException cause = new StorageException("disk full");
      gate.answer = group -> {
        throw cause;
      };

      assertThatThrownBy(() -> queue.commit(put("a")))
          .isInstanceOf(StorageException.class)
          .hasMessage("disk full")
          .hasCause(cause);
      assertThat(unknown).isEmpty();
      gate.answer = UnaryOperator.identity();
      assertThat(queue.commit(put("a"))).isInstanceOf(Committed.class);
    }

    @Test
    void commit_thatFailsOtherwise_isADefectAndDoesNotStopLaterOnes() {
      for (Throwable cause : List.of(new IllegalStateException("x"), new AssertionError("x"))) {
        gate.answer = group -> {
          if (cause instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) cause;
        };
        assertThatThrownBy(() -> queue.commit(put("a")))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("the commit failed")
            .hasCause(cause);
      }
      gate.answer = UnaryOperator.identity();
      assertThat(queue.commit(put("a"))).isInstanceOf(Committed.class);
    }

    @Test
    void commit_ofAVaultThatIsBeingSealed_saysSo() {
      barrier.close();

      assertThatThrownBy(() -> queue.commit(put("a")))
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SEALED))
          .hasCauseInstanceOf(VaultException.class);
    }

    @Test
    void commit_thatTheStoreIsNotSureOf_isToldToTheVault() {
      StorageException cause = new StorageException("fsync failed");
      gate.answer = results ->
          results.stream().<CommitResult>map(result -> new Unknown(cause)).toList();

      assertThat(queue.commit(put("a"))).isEqualTo(new Unknown(cause));
      assertThat(unknown).containsExactly(cause);
    }
  }

  @Nested
  class ManyCallers {
    @Test
    void commit_whatWaitsMeanwhile_goesTogether() throws InterruptedException {
      List<Caller> callers = behindABlockedOne(10, CommitQueueTest::put);

      assertThat(gate.groups).containsExactly(2, 11);
      assertThat(callers)
          .allSatisfy(caller -> assertThat(caller.result).isInstanceOf(Committed.class));
      assertThat(callers.stream().map(caller -> caller.result).distinct()).hasSize(10);
    }

    /** A wake-up that is lost leaves a caller behind for ever, and others may pass it. */
    @Test
    void commit_byManyAtOnce_comesBackToEach() throws InterruptedException {
      List<Caller> callers = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        String name = "key" + i;
        Caller caller = new Caller(() -> {
          for (int commit = 1; commit < 2_000; commit++) {
            queue.commit(put(name));
          }
          return queue.commit(put(name));
        });
        callers.add(caller);
        caller.start();
      }
      for (Caller caller : callers) {
        caller.join();
      }

      assertThat(callers)
          .allSatisfy(caller -> assertThat(caller.result).isInstanceOf(Committed.class));
    }

    @Test
    void commit_moreThan256Batches_areSeveralGroups() throws InterruptedException {
      behindABlockedOne(300, CommitQueueTest::put);

      assertThat(gate.groups).containsExactly(2, 257, 45);
    }

    @Test
    void commit_moreThan8MiB_areSeveralGroups() throws InterruptedException {
      byte[] large = new byte[5 << 20];
      behindABlockedOne(3, name -> put(name, large));

      assertThat(gate.groups).containsExactly(2, 2, 2, 2);
    }

    @Test
    void commit_oneBatchBeyondTheLimit_goesAlone() {
      List<Batch.Change> changes = new ArrayList<>(put("a", new byte[5 << 20]).changes());
      changes.addAll(put("b", new byte[5 << 20]).changes());

      assertThat(queue.commit(new Batch(List.of(), changes))).isInstanceOf(Committed.class);
    }

    @Test
    void commit_oneBadBatchInAGroup_failsAlone() throws InterruptedException {
      gate.refuse = address("3");
      List<Caller> callers = behindABlockedOne(5, CommitQueueTest::put);

      assertThat(callers.get(3).failure)
          .isInstanceOf(StorageException.class)
          .hasMessage("a bad batch");
      callers.remove(3);
      assertThat(callers)
          .allSatisfy(caller -> assertThat(caller.result).isInstanceOf(Committed.class));
      assertThat(store.get(address("3"))).isEmpty();
      assertThat(store.get(address("4"))).isPresent();
    }

    @Test
    void commit_conflictsInsideAGroup_areDecidedInOrder() throws InterruptedException {
      List<Caller> callers = behindABlockedOne(
          3,
          name ->
              new Batch(List.of(new Batch.Absent(address("same"))), put("same").changes()));

      assertThat(callers.stream().filter(caller -> caller.result instanceof Committed))
          .hasSize(1);
      assertThat(callers.stream().filter(caller -> caller.result instanceof Conflict))
          .hasSize(2);
    }

    @Test
    void commit_whatIsToBeDoneInOrder_isDoneForCommittedBatchesInTheOrderOfTheirRevisions()
        throws InterruptedException {
      gate.refuse = address("3");
      List<String> done = new ArrayList<>();
      gate.block();
      Caller leader = Caller.start(queue, put("leader"));
      gate.entered.await();
      List<Caller> callers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        String name = String.valueOf(i);
        Batch batch = i % 50 == 7 // its condition does not hold
            ? new Batch(List.of(new Batch.Absent(address("leader"))), put(name).changes())
            : put(name);
        Caller caller = new Caller(() -> queue.commit(batch, () -> done.add(name)));
        caller.start();
        caller.awaitParked();
        callers.add(caller);
      }
      gate.release.countDown();
      leader.join();
      Map<Long, String> byRevision = new TreeMap<>();
      for (int i = 0; i < callers.size(); i++) {
        callers.get(i).join();
        if (callers.get(i).result instanceof Committed committed) {
          byRevision.put(committed.revision(), String.valueOf(i));
        }
      }

      assertThat(done).hasSize(300 - 6 - 1).containsExactlyElementsOf(byRevision.values());
    }

    @Test
    void commit_aCallerThatIsInterrupted_isCommittedAndStaysInterrupted()
        throws InterruptedException {
      gate.block();
      Caller leader = Caller.start(queue, put("leader"));
      gate.entered.await();
      Caller waiting = Caller.start(queue, put("waiting"));
      waiting.awaitParked();
      waiting.interrupt();
      gate.release.countDown();
      leader.join();
      waiting.join();

      assertThat(waiting.result).isInstanceOf(Committed.class);
      assertThat(waiting.interruptedAfterwards).isTrue();
      assertThat(leader.interruptedAfterwards).isFalse();
    }

    private List<Caller> behindABlockedOne(int count, Function<String, Batch> batch)
        throws InterruptedException {
      gate.block();
      Caller leader = Caller.start(queue, put("leader"));
      gate.entered.await();
      List<Caller> callers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Caller caller = Caller.start(queue, batch.apply(String.valueOf(i)));
        caller.awaitParked();
        callers.add(caller);
      }
      gate.release.countDown();
      leader.join();
      for (Caller caller : callers) {
        caller.join();
      }
      return callers;
    }
  }

  @Nested
  class WhenClosed {
    @Test
    void commit_findsTheVaultSealed() {
      queue.close();
      queue.close();

      assertThatThrownBy(() -> queue.commit(put("a")))
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SEALED))
          .hasMessage("Vault is sealed");
    }

    @Test
    void close_letsWhatWaitsBeCommittedFirst() throws InterruptedException {
      gate.block();
      Caller leader = Caller.start(queue, put("leader"));
      gate.entered.await();
      Caller waiting = Caller.start(queue, put("waiting"));
      waiting.awaitParked();
      List<Boolean> durable = new ArrayList<>();
      Caller closer = new Caller(() -> {
        queue.close();
        durable.add(store.get(address("waiting")).isPresent());
        return null;
      });
      closer.start();
      closer.awaitParked();
      gate.release.countDown();
      closer.join();
      leader.join();
      waiting.join();

      assertThat(durable).containsExactly(true);
      assertThat(waiting.result).isInstanceOf(Committed.class);
    }
  }

  private static Batch put(String name) {
    return put(name, new byte[1]);
  }

  /** A boot row, because its value needs no term. */
  private static Batch put(String name, byte[] value) {
    return new Batch(List.of(), List.of(new Batch.Put(address(name), value)));
  }

  private static RowAddress address(String name) {
    return RowAddress.of(new byte[16], name.getBytes(StandardCharsets.US_ASCII));
  }

  /** A thread that commits and keeps what came of it. */
  private static final class Caller extends Thread {
    private final Supplier<@Nullable CommitResult> work;
    private volatile @Nullable CommitResult result;
    private volatile @Nullable Throwable failure;
    private volatile boolean interruptedAfterwards;

    Caller(Supplier<@Nullable CommitResult> work) {
      super("test");
      setDaemon(true);
      this.work = work;
    }

    static Caller start(CommitQueue queue, Batch batch) {
      Caller caller = new Caller(() -> queue.commit(batch));
      caller.start();
      return caller;
    }

    @Override
    public void run() {
      try {
        result = work.get();
      } catch (RuntimeException e) {
        failure = e;
      }
      interruptedAfterwards = isInterrupted();
    }

    void awaitParked() {
      while (getState() != State.WAITING && getState() != State.TERMINATED) {
        onSpinWait();
      }
    }
  }

  /** Stands before a store in memory, whose commits it can hold up and make fail. */
  private static final class Gate implements InvocationHandler {
    private final StorageBackend inner = InMemoryStorage.create().open();
    private final List<Integer> groups = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private volatile boolean blocked;
    private volatile UnaryOperator<List<CommitResult>> answer = UnaryOperator.identity();
    private volatile @Nullable RowAddress refuse;

    StorageBackend store() {
      return (StorageBackend) Proxy.newProxyInstance(
          Gate.class.getClassLoader(), new Class<?>[] {StorageBackend.class}, this);
    }

    void block() {
      blocked = true;
    }

    @Override
    @SuppressWarnings("unchecked") // the parameter of commit
    public @Nullable Object invoke(Object proxy, Method method, Object[] arguments)
        throws ReflectiveOperationException {
      return method.getName().equals("commit")
          ? commit((List<Batch>) arguments[0])
          : method.invoke(inner, arguments);
    }

    private List<CommitResult> commit(List<Batch> group) {
      if (blocked) {
        blocked = false;
        entered.countDown();
        try {
          release.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      if (group.stream()
          .flatMap(batch -> batch.changes().stream())
          .anyMatch(change -> change instanceof Batch.Put put && put.address().equals(refuse))) {
        throw new StorageException("a bad batch");
      }
      groups.add(group.size());
      return answer.apply(inner.commit(group));
    }
  }
}
