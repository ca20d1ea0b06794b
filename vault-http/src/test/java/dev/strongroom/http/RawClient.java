package dev.strongroom.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Sends bytes to a server, whatever they are. */
record RawClient(InetSocketAddress server) {
  static final String HOST = "Host: vault\r\n";

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");
  private static final int TIMEOUT_MILLIS = 10_000;

  Socket connect() throws IOException {
    Socket socket = new Socket(server.getAddress(), server.getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  /** Sends bytes and returns what comes until the connection is closed. */
  String send(String text) throws IOException {
    try (Socket socket = connect()) {
      try {
        socket.getOutputStream().write(bytes(text));
      } catch (IOException refusedBeforeTheEnd) {
        // What was answered can still be read.
      }
      return readToTheEnd(socket);
    }
  }

  static String readToTheEnd(Socket socket) {
    StringBuilder answer = new StringBuilder();
    byte[] buffer = new byte[8_192];
    try {
      InputStream in = socket.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException resetAfterTheAnswer) {
      // So does a server that leaves the rest unread.
    }
    return answer.toString();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Returns the statuses of all answers, but of those that are followed by another one. */
  static List<String> statuses(String answer) {
    return STATUS
        .matcher(answer)
        .results()
        .map(found -> found.group(1))
        .filter(status -> !status.equals("100"))
        .toList();
  }
}
