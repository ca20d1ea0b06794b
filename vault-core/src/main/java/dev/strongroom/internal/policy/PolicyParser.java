package dev.strongroom.internal.policy;

import dev.strongroom.internal.policy.Node.Elements;
import dev.strongroom.internal.policy.Node.Literal;
import dev.strongroom.internal.policy.Node.Member;
import dev.strongroom.internal.policy.Node.Members;
import dev.strongroom.internal.policy.Token.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Parses the syntax of policies: HCL 1 as in {@code hcl/parser/parser.go} of HCL v1.0.1, or JSON
 * where the first character is a brace. JSON is stricter than there: booleans in lists, missing
 * commas, a missing last brace, and text behind it are refused instead of being passed over.
 */
final class PolicyParser {
  static final int MAX_BYTES = 1024 * 1024;
  static final int MAX_DEPTH = 32;

  private final String block;
  private final boolean json;
  private final Scanner scanner;
  private Token token;
  private int depth;

  private PolicyParser(String text, String block) {
    this.block = block;
    json = text.stripLeading().startsWith("{");
    scanner = json ? new JsonScanner(text) : new HclScanner(text);
    token = scanner.next();
  }

  /**
   * Returns the members of a document. The blocks of the JSON form come out as those of HCL:
   * members with the keys {@code block} and the label.
   *
   * @param block the key of blocks with a label
   * @throws PolicySyntaxException if the text is too long, nested too deeply, or neither language
   */
  static List<Member> parse(String text, String block) {
    if (text.length() > MAX_BYTES || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new PolicySyntaxException(
          Position.START, "a policy is at most " + MAX_BYTES + " bytes long");
    }
    PolicyParser parser = new PolicyParser(text.replace("\r\n", "\n"), block);
    return parser.json ? parser.jsonDocument() : parser.members(Kind.EOF);
  }

  private List<Member> jsonDocument() {
    List<Member> members = object().members();
    if (!token.is(Kind.EOF)) {
      throw problem("expected nothing after the document, got: " + token.kind());
    }
    List<Member> labelled = new ArrayList<>();
    for (Member member : members) {
      if (!member.name().equals(block)) {
        labelled.add(member);
      } else if (member.value() instanceof Elements list) {
        list.nodes().forEach(node -> label(member, node, labelled));
      } else {
        label(member, member.value(), labelled);
      }
    }
    return labelled;
  }

  private static void label(Member path, Node value, List<Member> labelled) {
    if (value instanceof Members rules) {
      rules
          .members()
          .forEach(rule -> labelled.add(new Member(
              List.of(path.keys().get(0), rule.keys().get(0)), rule.line(), rule.value())));
    } else {
      labelled.add(new Member(path.keys(), path.line(), value));
    }
  }

  private List<Member> members(Kind end) {
    List<Member> members = new ArrayList<>();
    while (!token.is(end)) {
      if (token.is(Kind.EOF)) {
        throw closing();
      }
      members.add(json ? jsonMember() : hclMember());
      if (token.is(Kind.COMMA) && end == Kind.RBRACE) {
        advance();
      } else if (json && !token.is(end)) {
        throw closing();
      }
    }
    return members;
  }

  private PolicySyntaxException closing() {
    return problem("object expected closing RBRACE got: " + token.kind());
  }

  private Member hclMember() {
    List<Token> keys = new ArrayList<>();
    while (token.is(Kind.IDENT) || token.is(Kind.STRING)) {
      keys.add(advance());
    }
    if (keys.isEmpty()) {
      boolean early = token.is(Kind.ASSIGN) || token.is(Kind.LBRACE);
      throw expected(early ? "IDENT | STRING" : "IDENT | STRING | ASSIGN | LBRACE");
    }
    return switch (token.kind()) {
      case LBRACE -> new Member(keys, 0, object());
      case ASSIGN -> {
        if (keys.size() > 1) {
          throw problem("nested object expected: LBRACE got: ASSIGN");
        }
        int line = advance().at().line();
        yield new Member(keys, line, value());
      }
      case EOF, RBRACE ->
        throw problem(
            "key '" + words(keys) + "' expected start of object ('{') or assignment ('=')");
      default -> throw expected("IDENT | STRING | ASSIGN | LBRACE");
    };
  }

  private static String words(List<Token> keys) {
    return keys.stream()
        .limit(2)
        .map(key -> key.is(Kind.STRING) ? PolicySyntaxException.quote(key.text()) : key.text())
        .collect(Collectors.joining(" "));
  }

  private Member jsonMember() {
    if (!token.is(Kind.STRING)) {
      throw expected("STRING");
    }
    Token key = advance();
    if (!token.is(Kind.COLON)) {
      throw expected("COLON");
    }
    int line = advance().at().line();
    return new Member(List.of(key), line, value());
  }

  private Node value() {
    return switch (token.kind()) {
      case STRING, HEREDOC, NUMBER, FLOAT, BOOL, NULL -> new Literal(advance());
      case LBRACE -> object();
      case LBRACK -> list();
      default -> throw problem("expected a value, got: " + token.kind());
    };
  }

  private Members object() {
    Position at = enter();
    List<Member> members = members(Kind.RBRACE);
    leave();
    return new Members(members, at);
  }

  private Elements list() {
    Position at = enter();
    List<Node> nodes = new ArrayList<>();
    while (!token.is(Kind.RBRACK)) {
      if (!mayBeElement()) {
        throw problem("unexpected token while parsing list: " + token.kind());
      }
      nodes.add(value());
      if (token.is(Kind.COMMA)) {
        advance();
      } else if (!token.is(Kind.RBRACK) && !token.is(Kind.EOF)) {
        throw problem("error parsing list, expected comma or list end, got: " + token.kind());
      }
    }
    leave();
    return new Elements(nodes, at);
  }

  /**
   * The reference drops booleans from JSON lists, which turns {@code [false]} into "any value";
   * reading them as they stand would turn a list that denies any value into one that denies some.
   */
  private boolean mayBeElement() {
    return switch (token.kind()) {
      case STRING, HEREDOC, NUMBER, FLOAT, LBRACE, LBRACK -> true;
      case BOOL -> !json;
      default -> false;
    };
  }

  private Position enter() {
    depth++;
    if (depth > MAX_DEPTH) {
      throw problem("nested too deeply: at most " + MAX_DEPTH + " levels");
    }
    return advance().at();
  }

  private void leave() {
    depth--;
    advance();
  }

  private Token advance() {
    Token passed = token;
    token = scanner.next();
    return passed;
  }

  private PolicySyntaxException expected(String kinds) {
    return problem("expected: " + kinds + " got: " + token.kind());
  }

  private PolicySyntaxException problem(String problem) {
    return new PolicySyntaxException(token.at(), problem);
  }
}
