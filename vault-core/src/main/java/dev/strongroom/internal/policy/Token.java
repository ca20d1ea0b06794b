package dev.strongroom.internal.policy;

/**
 * A piece of policy text.
 *
 * @param text the value of a string, the characters of anything else
 */
record Token(Kind kind, String text, Position at) {
  enum Kind {
    IDENT,
    STRING,
    HEREDOC,
    NUMBER,
    FLOAT,
    BOOL,
    NULL,
    ASSIGN,
    COLON,
    COMMA,
    LBRACE,
    RBRACE,
    LBRACK,
    RBRACK,
    EOF
  }

  boolean is(Kind other) {
    return kind == other;
  }
}
