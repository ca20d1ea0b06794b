package dev.strongroom.docs;

import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;

/**
 * A block of Java of a page, as javac can read it. A reader sees either a whole file, which begins
 * with {@code package} or {@code import} and says for itself what it needs; or classes, which the
 * other snippets of the page know; or members of a class, which begin with an annotation or a
 * modifier; or statements, records among them. All but a whole file have the imports of
 * {@link #IMPORTS} and the variables of {@link Ready}. Lines keep their number.
 *
 * @param page the path of the page in the repository
 * @param line of the page where the code begins
 */
record Snippet(String page, int line, String code) {
  /** What a reader takes for granted. */
  private static final List<String> IMPORTS = List.of(
      "dev.strongroom.*",
      "dev.strongroom.request.*",
      "dev.strongroom.secret.*",
      "dev.strongroom.spi.*",
      "dev.strongroom.auth.basic.*",
      "dev.strongroom.auth.k8s.*",
      "dev.strongroom.dbsecrets.*",
      "dev.strongroom.http.*",
      "dev.strongroom.junit.*",
      "dev.strongroom.kv.*",
      "dev.strongroom.storage.sqlite.*",
      "dev.strongroom.testkit.*",
      "dev.strongroom.testkit.kubernetes.*",
      "java.io.*",
      "java.net.*",
      "java.nio.file.*",
      "java.sql.Connection",
      "java.sql.DriverManager",
      "java.time.*",
      "java.util.*",
      "java.util.concurrent.*",
      "java.util.function.*",
      "javax.sql.DataSource",
      "org.junit.jupiter.api.*",
      "org.junit.jupiter.api.extension.*",
      "static dev.strongroom.docs.Ready.*",
      "static dev.strongroom.request.Operation.*",
      "static org.assertj.core.api.Assertions.*");

  private static final Pattern WHOLE_FILE = Pattern.compile("(package|import) [\\s\\S]*");
  private static final Pattern CLASSES = Pattern.compile(
      "(@\\w+(\\(.*\\))?\\s+)*((public|final|abstract) )*(class|interface|enum) [\\s\\S]*");
  private static final Pattern MEMBERS =
      Pattern.compile("(@|(public|protected|private|static|final) )[\\s\\S]*");
  private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);
  private static final Pattern PUBLIC_TYPE = Pattern.compile(
      "^public (?:final |abstract |sealed )*(?:class|record|interface|enum|@interface) (\\w+)",
      Pattern.MULTILINE);

  /** Returns the text as a file in which every line has the number that it has on the page. */
  JavaFileObject toFile() {
    return isWholeFile() ? wholeFile() : wrapped();
  }

  private boolean isWholeFile() {
    return WHOLE_FILE.matcher(code).matches();
  }

  private JavaFileObject wholeFile() {
    boolean named = PACKAGE.matcher(code).find();
    String own = named ? "" : "package " + ownPackage() + "; ";
    return file(ownType(), own + code);
  }

  /** Returns the public type of a whole file. */
  private String ownType() {
    Matcher type = PUBLIC_TYPE.matcher(code);
    return type.find() ? type.group(1) : "Types";
  }

  private JavaFileObject wrapped() {
    StringBuilder start = new StringBuilder("package " + ownPackage() + "; ");
    IMPORTS.forEach(imported -> start.append("import ").append(imported).append("; "));
    if (CLASSES.matcher(code).matches()) {
      return file("Types", start + code);
    }
    start.append("class Line").append(line).append(" { ");
    return MEMBERS.matcher(code).matches()
        ? file("Members", start + code + "\n}")
        : file("Statements", start + "void run() throws Exception { " + code + "\n}}");
  }

  /** Types of one name may be on several pages. */
  private String ownPackage() {
    return "snippets." + page.replaceAll("\\W", "_");
  }

  private JavaFileObject file(String type, String text) {
    String numbered = "\n".repeat(line - 1) + text;
    URI uri = URI.create("snippet:///" + page + "/" + line + "/" + type + ".java");
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return numbered;
      }

      @Override
      public String getName() {
        return page;
      }
    };
  }
}
