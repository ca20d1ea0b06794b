package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.request.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners, from outside. */
@Timeout(60)
class OnChangeTest {
  private static final String READ = "path \"notes/*\" { capabilities = [\"read\"] }";

  private final NotesEngine engine = new NotesEngine();
  private final List<String> told = new ArrayList<>();

  private void note(Change change) {
    told.add(change.kind() + " " + change.path()
        + (change.version().isPresent() ? " " + change.version().getAsInt() : ""));
  }

  private static void write(Session session, String path) {
    session.request(Request.write(path, Map.of("text", "s3cr3t"))).orThrow();
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Nested
  class OnVirtualTime {
    private final InMemoryVault vault =
        Vault.inMemory(builder -> builder.mount("notes", Mount.of(engine)));
    private final Session root = vault.root();

    @AfterEach
    void close() {
      vault.close();
    }

    private void deliver() {
      vault.time().advance(Duration.ZERO);
    }

    private ClientToken token(String policy, TokenRequest wanted) {
      Policies.of(root).put("p", policy);
      return Tokens.of(root).create(wanted).token().orElseThrow();
    }

    private Session withPolicy(String policy) {
      return vault.vault().session(token(policy, TokenRequest.of("p")));
    }

    @Test
    void prefixWithSlash_isToldOfEverythingBelow() {
      root.onChange("notes/a/", OnChangeTest.this::note);

      write(root, "notes/a");
      write(root, "notes/a/b");
      write(root, "notes/a/b/c");
      write(root, "notes/ab/c");
      root.request(Request.delete("notes/a/b")).orThrow();
      deliver();

      assertThat(told)
          .containsExactly("WRITTEN notes/a/b", "WRITTEN notes/a/b/c", "REMOVED notes/a/b");
    }

    @Test
    void pathWithoutSlash_isToldOfExactlyThisPath() {
      root.onChange("/notes/a", OnChangeTest.this::note);

      write(root, "notes/a");
      write(root, "notes/a/b");
      write(root, "notes/ab");
      deliver();

      assertThat(told).containsExactly("WRITTEN notes/a");
    }

    @Test
    void change_isToldWhenTheTestSaysSoAndNeverSooner() {
      root.onChange("notes/", OnChangeTest.this::note);

      write(root, "notes/a");
      assertThat(told).isEmpty();
      deliver();
      assertThat(told).hasSize(1);
    }

    @Test
    void change_beforeTheCall_isNotTold() {
      write(root, "notes/a");
      root.onChange("notes/", OnChangeTest.this::note);
      deliver();

      assertThat(told).isEmpty();
    }

    @Test
    void change_withAVersion_tellsIt() {
      root.onChange("notes/", OnChangeTest.this::note);

      write(root, "notes/count/x");
      write(root, "notes/count/x");
      deliver();

      assertThat(told).containsExactly("WRITTEN notes/count/x 1", "WRITTEN notes/count/x 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "notes/*", "notes/a*", "notes//a", "notes/../a", "notes/\n"})
    void prefix_thatCannotBe_isRefused(String prefix) {
      assertThatThrownBy(() -> root.onChange(prefix, OnChangeTest.this::note))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void prefix_thatTheCallerMayNotRead_isDenied() {
      Session other = withPolicy("path \"notes/a/*\" { capabilities = [\"read\"] }"
          + "path \"notes/list/*\" { capabilities = [\"list\", \"update\"] }");
      Session nobody = vault.vault().session(ClientToken.parse("s.nobody"));

      other.onChange("notes/a/", OnChangeTest.this::note).close();
      other.onChange("notes/a/b", OnChangeTest.this::note).close();
      for (String denied : List.of("notes/", "notes/a", "notes/list/", "nowhere/")) {
        assertRefused(
            () -> other.onChange(denied, OnChangeTest.this::note), ErrorCode.PERMISSION_DENIED);
        assertRefused(
            () -> nobody.onChange(denied, OnChangeTest.this::note), ErrorCode.PERMISSION_DENIED);
      }
    }

    @Test
    void prefix_thatTheCallerMayReadOnAConditionOnly_isDenied() {
      for (String condition :
          List.of("required_parameters = [\"reason\"]", "min_wrapping_ttl = \"1m\"")) {
        Session other =
            withPolicy("path \"notes/*\" { capabilities = [\"read\"] " + condition + " }");

        assertRefused(
            () -> other.onChange("notes/", OnChangeTest.this::note), ErrorCode.PERMISSION_DENIED);
      }
    }

    @Test
    void tokenWhoseUsesAreCounted_isRefused() {
      Session counted = vault.vault().session(token(READ, TokenRequest.of("p").withNumUses(5)));

      assertRefused(
          () -> counted.onChange("notes/", OnChangeTest.this::note), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void change_thatTheCallerMayNotRead_isLeftOut() {
      Session other = withPolicy(READ + "path \"notes/private/*\" { capabilities = [\"list\"] }");
      other.onChange("notes/", OnChangeTest.this::note);

      write(root, "notes/private/a");
      write(root, "notes/a");
      deliver();

      assertThat(told).containsExactly("WRITTEN notes/a");
    }

    @Test
    void rights_thatChange_countAtEachChange() {
      Session other = withPolicy(READ);
      other.onChange("notes/", OnChangeTest.this::note);

      write(root, "notes/1"); // not told yet when the right goes
      Policies.of(root).put("p", "path \"notes/2\" { capabilities = [\"read\"] }");
      deliver();
      write(root, "notes/2"); // the right to the path is not one to the prefix
      deliver();
      assertThat(told).isEmpty();

      Policies.of(root).put("p", READ);
      write(root, "notes/3");
      deliver();
      assertThat(told).containsExactly("WRITTEN notes/3");
    }

    @Test
    void tokenThatWasRevoked_isToldNothingMore() {
      ClientToken token = token(READ, TokenRequest.of("p"));
      vault.vault().session(token).onChange("notes/", OnChangeTest.this::note);

      write(root, "notes/a");
      Tokens.of(root).revoke(token);
      write(root, "notes/b");
      deliver();

      assertThat(told).isEmpty();
    }

    @Test
    void tokenThatExpires_isToldNothingMore() {
      ClientToken token = token(READ, TokenRequest.of("p").withTtl(Duration.ofHours(1)));
      vault.vault().session(token).onChange("notes/", OnChangeTest.this::note);

      write(root, "notes/a");
      deliver();
      vault.time().advance(Duration.ofHours(1));
      write(root, "notes/b");
      deliver();

      assertThat(told).containsExactly("WRITTEN notes/a");
    }

    @Test
    void write_thatFails_isNotTold() {
      root.onChange("notes/", OnChangeTest.this::note);

      assertThat(root.request(Request.write("notes/change/refused", Map.of())).failure())
          .contains(ErrorCode.INVALID_REQUEST);
      deliver();

      assertThat(told).isEmpty();
    }

    @Test
    void write_thatWroteNothing_isNotTold() {
      root.onChange("notes/", OnChangeTest.this::note);

      root.request(Request.write("notes/change/nothing", Map.of())).orThrow();
      deliver();

      assertThat(told).isEmpty();
    }

    @Test
    void write_thatLostARace_isToldOnce() {
      root.onChange("notes/", OnChangeTest.this::note);
      engine.beforeWork = () -> {
        engine.beforeWork = () -> {};
        write(root, "notes/count/x");
      };

      write(root, "notes/count/x");
      deliver();

      assertThat(told).containsExactly("WRITTEN notes/count/x 1", "WRITTEN notes/count/x 2");
    }

    @Test
    void engine_thatTellsWhatItCannot_fails() {
      assertThat(root.request(Request.read("notes/change/a")).failure())
          .contains(ErrorCode.INTERNAL);
      assertThat(root.request(Request.write("notes/change/missed", Map.of())).failure())
          .contains(ErrorCode.INTERNAL);
    }

    @Test
    void listener_readsWhatItIsToldOf() {
      List<Object> read = new ArrayList<>();
      root.onChange(
          "notes/",
          change -> read.add(root.request(Request.read(change.path()))
              .orThrow()
              .dataOrEmpty()
              .text("text")
              .orElseThrow()));

      root.request(Request.read("notes/a")); // what is absent is remembered, too
      write(root, "notes/a");
      deliver();

      assertThat(read).containsExactly("s3cr3t");
    }

    @Test
    void listener_writesWhereItListens_isToldOfThatAsWell() {
      root.onChange("notes/", change -> {
        note(change);
        if (change.path().equals("notes/a")) {
          write(root, "notes/b");
        }
      });

      write(root, "notes/a");
      deliver();

      assertThat(told).containsExactly("WRITTEN notes/a", "WRITTEN notes/b");
    }

    @Test
    void listener_thatThrows_isToldOfTheNextChange() {
      root.onChange("notes/", change -> {
        note(change);
        if (change.path().equals("notes/a")) {
          throw new IllegalStateException("on purpose");
        }
        throw new AssertionError("on purpose");
      });

      write(root, "notes/a");
      write(root, "notes/b");
      write(root, "notes/c");
      deliver();

      assertThat(told).containsExactly("WRITTEN notes/a", "WRITTEN notes/b", "WRITTEN notes/c");
    }

    @Test
    void listener_thatDoesNotKeepUp_isToldToReadAgain() {
      root.onChange("notes/", OnChangeTest.this::note);

      for (int i = 0; i < 1024; i++) {
        write(root, "notes/" + i % 10);
      }
      deliver();
      assertThat(told).hasSize(1024).doesNotContain("MISSED notes/");
      told.clear();
      for (int i = 0; i < 1025; i++) {
        write(root, "notes/" + i % 10);
      }
      write(root, "notes/later");
      deliver();

      assertThat(told).containsExactly("MISSED notes/", "WRITTEN notes/later");
    }

    @Test
    void close_ofTheRegistration_endsIt() {
      Registration registration = root.onChange("notes/", OnChangeTest.this::note);
      root.onChange("notes/", change -> told.add("other"));

      write(root, "notes/a");
      registration.close();
      registration.close();
      write(root, "notes/b");
      deliver();

      assertThat(told).containsExactly("other", "other");
    }

    @Test
    void close_ofTheSession_endsItsListenersOnly() {
      Session other = withPolicy(READ);
      other.onChange("notes/", OnChangeTest.this::note);
      root.onChange("notes/", change -> told.add("other"));

      write(root, "notes/a");
      other.close();
      write(root, "notes/b");
      deliver();

      assertThat(told).containsExactly("other", "other");
      assertThatThrownBy(() -> other.onChange("notes/", OnChangeTest.this::note))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the session is closed");
    }

    @Test
    void close_ofTheVault_endsEverything() {
      root.onChange("notes/", OnChangeTest.this::note);

      write(root, "notes/a");
      vault.vault().close();
      deliver();

      assertThat(told).isEmpty();
      assertThatThrownBy(() -> root.onChange("notes/", OnChangeTest.this::note))
          .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void close_byTheListenerItself_endsIt() {
      AtomicReference<Registration> registration = new AtomicReference<>();
      registration.set(root.onChange("notes/", change -> {
        note(change);
        registration.get().close();
      }));

      write(root, "notes/a");
      write(root, "notes/b");
      deliver();

      assertThat(told).containsExactly("WRITTEN notes/a");
    }
  }

  @Nested
  class WhenSealed {
    private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
    private final Vault vault = Vault.builder()
        .storage(InMemoryStorage.create())
        .time(time)
        .mount("notes", Mount.of(engine))
        .host(
            "billing",
            Policy.of(
                "billing",
                READ + "path \"auth/token/revoke-self\" { capabilities = [\"update\"] }"))
        .open();
    private final InitialKeys keys = vault.initialize(new KeyShares(1, 1));
    private final Session root = vault.session(keys.rootToken());

    WhenSealed() {
      unseal();
    }

    @AfterEach
    void close() {
      vault.close();
      keys.close();
    }

    private void unseal() {
      vault.unseal(keys.shares().get(0));
    }

    @Test
    void onChange_isRefused() {
      vault.seal();

      assertRefused(() -> root.onChange("notes/", OnChangeTest.this::note), ErrorCode.SEALED);
    }

    @Test
    void change_thatWasNotToldBefore_isToldAfterTheNextUnseal() {
      root.onChange("notes/", OnChangeTest.this::note);
      write(root, "notes/a");
      write(root, "notes/b");

      vault.seal();
      time.advance(Duration.ofDays(1));
      assertThat(told).isEmpty();
      unseal();
      write(root, "notes/c");
      time.advance(Duration.ZERO);

      assertThat(told).containsExactly("WRITTEN notes/a", "WRITTEN notes/b", "WRITTEN notes/c");
    }

    @Test
    void change_atWhichTheVaultIsSealed_comesAgain() {
      root.onChange("notes/", change -> {
        note(change);
        if (told.size() == 1) {
          vault.seal();
        }
        root.request(Request.read(change.path())).orThrow();
      });
      write(root, "notes/a");
      write(root, "notes/b");

      time.advance(Duration.ZERO);
      assertThat(told).containsExactly("WRITTEN notes/a");
      unseal();
      time.advance(Duration.ZERO);

      assertThat(told).containsExactly("WRITTEN notes/a", "WRITTEN notes/a", "WRITTEN notes/b");
    }

    @Test
    void host_whoseTokenEndedMeanwhile_goesOnWithTheNextOne() {
      Session host = vault.hostSession("billing");
      host.onChange("notes/", OnChangeTest.this::note);
      write(root, "notes/a");

      vault.seal();
      time.advance(Duration.ofDays(2));
      unseal();
      time.advance(Duration.ZERO);
      write(root, "notes/b");
      time.advance(Duration.ZERO);

      assertThat(told).containsExactly("WRITTEN notes/a", "WRITTEN notes/b");
    }

    @Test
    void host_whoseTokenWasRevoked_isToldWhenItGetsTheNextOne() {
      Session host = vault.hostSession("billing");
      host.onChange("notes/", OnChangeTest.this::note);
      Tokens.of(host).revokeSelf();

      write(root, "notes/a");
      time.advance(Duration.ZERO);
      assertThat(told).isEmpty();
      time.advance(Vault.HOST_PERIOD.dividedBy(2));

      assertThat(told).containsExactly("WRITTEN notes/a");
    }

    @Test
    void host_closed_isToldNothingMore() {
      Session host = vault.hostSession("billing");
      host.onChange("notes/", OnChangeTest.this::note);
      write(root, "notes/a");

      host.close();
      time.advance(Duration.ZERO);

      assertThat(told).isEmpty();
      assertThatThrownBy(() -> host.onChange("notes/", OnChangeTest.this::note))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Nested
  class OnThreads {
    private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();

    private InMemoryVault open(VaultBuilder builder) {
      Vault vault = builder
          .storage(InMemoryStorage.create())
          .mount("notes", Mount.of(engine))
          .open();
      try (InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
        vault.unseal(keys.shares().get(0));
        return new InMemoryVault(
            vault, vault.session(keys.rootToken()), VirtualTime.at(Instant.EPOCH));
      }
    }

    @Test
    void listener_runsOnADaemonThreadOfItsOwn() throws InterruptedException {
      try (InMemoryVault vault = open(Vault.builder())) {
        vault.root().onChange("notes/", change -> {
          Thread thread = Thread.currentThread();
          ran.add(thread.getName() + " " + thread.isDaemon());
        });
        write(vault.root(), "notes/a");

        assertThat(ran.take()).isEqualTo("strongroom-listeners true");
      }
    }

    @Test
    void listener_thatTakesItsTime_keepsNoWriterWaiting() throws InterruptedException {
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      try (InMemoryVault vault = open(Vault.builder())) {
        vault.root().onChange("notes/", change -> {
          running.countDown();
          awaitUnchecked(release);
          ran.add(change.path());
        });
        write(vault.root(), "notes/a");
        running.await();
        for (int i = 0; i < 2000; i++) {
          write(vault.root(), "notes/" + i);
        }
        release.countDown();

        assertThat(ran.take()).isEqualTo("notes/a");
        assertThat(ran.take()).isEqualTo("notes/");
      }
    }

    @Test
    void close_whileTheListenerRuns_waitsForIt() throws InterruptedException {
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      try (InMemoryVault vault = open(Vault.builder())) {
        Registration registration = vault.root().onChange("notes/", change -> {
          running.countDown();
          awaitUnchecked(release);
          ran.add("listener");
        });
        write(vault.root(), "notes/a");
        write(vault.root(), "notes/b");
        running.await();
        Thread closer = new Thread(() -> {
          registration.close();
          ran.add("closed");
        });
        closer.start();
        while (closer.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
        release.countDown();
        closer.join();

        assertThat(ran).containsExactly("listener", "closed");
      }
    }

    @Test
    void close_ofTheVaultByAListener_ends() throws InterruptedException {
      InMemoryVault vault = open(Vault.builder());
      vault.root().onChange("notes/", change -> {
        vault.close();
        ran.add("closed");
      });
      write(vault.root(), "notes/a");

      assertThat(ran.take()).isEqualTo("closed");
    }

    @Test
    void executor_ofTheApplication_runsListenersOneChangeAtATime() {
      Queue<Runnable> work = new ArrayDeque<>();
      try (InMemoryVault vault = open(Vault.builder().listenerExecutor(work::add))) {
        vault.root().onChange("notes/", OnChangeTest.this::note);
        write(vault.root(), "notes/a");
        write(vault.root(), "notes/b");

        assertThat(work).hasSize(1);
        work.remove().run();
        assertThat(told).containsExactly("WRITTEN notes/a");
        assertThat(work).hasSize(1);
        work.remove().run();
        assertThat(told).containsExactly("WRITTEN notes/a", "WRITTEN notes/b");
        assertThat(work).isEmpty();
      }
    }

    @Test
    void listeners_thatCloseEachOther_doNotWaitForEver() throws InterruptedException {
      CountDownLatch both = new CountDownLatch(2);
      BlockingQueue<String> ran = new ArrayBlockingQueue<>(2);
      Executor threads = work -> new Thread(work).start();
      try (InMemoryVault vault = open(Vault.builder().listenerExecutor(threads))) {
        AtomicReference<Registration> first = new AtomicReference<>();
        Registration second = vault.root().onChange("notes/a", change -> {
          both.countDown();
          awaitUnchecked(both);
          first.get().close();
          ran.add("second");
        });
        first.set(vault.root().onChange("notes/a", change -> {
          both.countDown();
          awaitUnchecked(both);
          second.close();
          ran.add("first");
        }));

        write(vault.root(), "notes/a");

        assertThat(List.of(ran.take(), ran.take())).containsExactlyInAnyOrder("first", "second");
      }
    }

    @Test
    void executor_thatRefusesWork_failsNoWriteAndIsAskedAgain() {
      Queue<Runnable> work = new ArrayBlockingQueue<>(1);
      work.add(() -> {});
      try (InMemoryVault vault = open(Vault.builder().listenerExecutor(task -> {
        if (!work.offer(task)) {
          throw new RejectedExecutionException("full");
        }
      }))) {
        vault.root().onChange("notes/", OnChangeTest.this::note);
        write(vault.root(), "notes/a");
        work.remove();
        write(vault.root(), "notes/b");
        while (!work.isEmpty()) {
          work.remove().run();
        }

        assertThat(told).containsExactly("WRITTEN notes/a", "WRITTEN notes/b");
      }
    }

    @Test
    void executor_givenTwice_isRefused() {
      VaultBuilder builder = Vault.builder().listenerExecutor(work -> {});

      assertThatThrownBy(() -> builder.listenerExecutor(work -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("listenerExecutor was already set");
    }

    private static void awaitUnchecked(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
