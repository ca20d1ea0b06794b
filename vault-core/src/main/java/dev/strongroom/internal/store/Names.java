package dev.strongroom.internal.store;

/**
 * The order of names: that of their UTF-8 bytes, which is the order of their code points, and not
 * that of {@code String}.
 */
final class Names {
  private Names() {}

  static int compare(String a, String b) {
    int shared = Math.min(a.length(), b.length());
    for (int i = 0; i < shared; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean beyondX = Character.isSurrogate(x);
        boolean beyondY = Character.isSurrogate(y);
        return beyondX == beyondY ? Character.compare(x, y) : Boolean.compare(beyondX, beyondY);
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
