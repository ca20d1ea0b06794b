package dev.strongroom.kv;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.request.Payload;
import dev.strongroom.secret.SecretBytes;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of a secret. Immutable; never printed. Parsed when somebody asks for a member. Values
 * stay in memory until it is collected: take out what is needed, keys as {@link #bytes}, and do not
 * keep it.
 */
public abstract sealed class KvData permits KvSecret, Kv1Secret {
  private final Payload data;

  KvData(Payload data) {
    this.data = data;
  }

  /** Returns whether there is a member of that name, null or not. */
  public boolean has(String member) {
    return data.has(member);
  }

  /**
   * Returns a member that is text, or the text of a number or boolean.
   *
   * @throws VaultException with code {@code NOT_FOUND} if there is no such member, or it is
   *     something else
   */
  public String text(String member) {
    return data.text(member)
        .orElseThrow(() ->
            new VaultException(ErrorCode.NOT_FOUND, "the secret has no text \"" + member + "\""));
  }

  /**
   * Returns a member that was written as bytes: its base64, decoded.
   *
   * @throws VaultException with code {@code NOT_FOUND} if there is no such member, or it is not
   *     base64
   */
  public SecretBytes bytes(String member) {
    try {
      return SecretBytes.takeOver(Base64.getDecoder().decode(text(member)));
    } catch (IllegalArgumentException e) {
      throw new VaultException(
          ErrorCode.NOT_FOUND, "the member \"" + member + "\" of the secret is not base64");
    }
  }

  /** Returns all members; see {@link Payload#toMap}. */
  public Map<String, @Nullable Object> toMap() {
    return data.toMap();
  }

  /**
   * Returns the secret as a record: each component is a member of the same name. Components are
   * text, numbers, {@code boolean}, {@code Duration}, {@code SecretBytes}, {@code byte[]}, enums,
   * records, lists, maps with text keys, and {@code Optional} of these where the member may be
   * missing or null. Members without a component are left out. Numbers must fit exactly, but for
   * {@code double} and {@code float}, which round. On the module path the package of the record
   * must be open to {@code dev.strongroom.kv}.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} if a member is missing or does not
   *     fit, with its name and never its value, or if the record's constructor refuses the members
   */
  public <T extends Record> T as(Class<T> type) {
    return RecordMapper.fromJson(type, data.toMap());
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[redacted]";
  }
}
