package dev.strongroom.internal.cors;

import dev.strongroom.CorsRules;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageKey;
import java.util.Optional;

/** Keeps the one set of {@link CorsRules} of a vault. Thread-safe. */
public final class CorsStore {
  private static final StorageKey<CorsRules> RULES = RecordKind.attached(
          "cors", RecordCodec.of(1, CorsStore::write, CorsStore::read))
      .at("", "rules");

  private final Transactions transactions;

  public CorsStore(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Returns the rules in force; empty if no page of another site may use the vault. */
  public Optional<CorsRules> rules() {
    return rules(transactions.beginReadOnly());
  }

  public Optional<CorsRules> rules(Transaction tx) {
    return storage(tx).get(RULES);
  }

  public void set(Transaction tx, CorsRules rules) {
    storage(tx).put(RULES, rules);
  }

  public void remove(Transaction tx) {
    storage(tx).delete(RULES);
  }

  private Storage storage(Transaction tx) {
    return tx.in(transactions.system());
  }

  private static void write(CorsRules rules, RecordWriter out) {
    out.all(rules.allowedOrigins(), RecordWriter::text)
        .all(rules.allowedHeaders(), RecordWriter::text)
        .flag(rules.allowCredentials());
  }

  private static CorsRules read(RecordReader in) {
    return new CorsRules(in.all(RecordReader::text), in.all(RecordReader::text), in.flag());
  }
}
