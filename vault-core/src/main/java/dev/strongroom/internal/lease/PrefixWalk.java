package dev.strongroom.internal.lease;

import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.RecordKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Goes over all records below a folder, or under an owner, a page at a time, however many there are
 * and whatever happens to them meanwhile: those that come or go during the walk may be met or not.
 * For one thread.
 */
final class PrefixWalk {
  private static final int PAGE = 100;

  private final Transactions transactions;
  private final RecordKind<?> kind;
  private final Deque<Folder> open = new ArrayDeque<>();

  private static final class Folder {
    private final String path;
    private final Deque<String> names = new ArrayDeque<>();
    private byte @Nullable [] last;
    private boolean begun;

    Folder(String path) {
      this.path = path;
    }
  }

  PrefixWalk(Transactions transactions, RecordKind<?> kind, String folder) {
    this.transactions = transactions;
    this.kind = kind;
    open.push(new Folder(folder));
  }

  /** Returns the next path, or the next name under an owner; empty at the end. */
  Optional<String> next() {
    while (!open.isEmpty()) {
      Folder folder = open.peek();
      String name = folder.names.poll();
      if (name == null) {
        if (!fill(folder)) {
          open.pop();
        }
      } else if (!kind.isTree()) {
        return Optional.of(name);
      } else if (name.endsWith("/")) {
        open.push(new Folder(folder.path + name));
      } else {
        return Optional.of(folder.path + name);
      }
    }
    return Optional.empty();
  }

  /** Returns the next ones, at most {@code max}; none at the end. */
  List<String> next(int max) {
    List<String> some = new ArrayList<>();
    while (some.size() < max) {
      Optional<String> next = next();
      if (next.isEmpty()) {
        break;
      }
      some.add(next.get());
    }
    return some;
  }

  private boolean fill(Folder folder) {
    if (folder.begun && folder.last == null) {
      return false;
    }
    Transactions.Page page =
        transactions.page(transactions.system(), kind, folder.path, folder.last, PAGE);
    folder.begun = true;
    folder.last = page.last();
    folder.names.addAll(page.names());
    return true;
  }
}
