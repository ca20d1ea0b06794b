package dev.strongroom.http;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * The process of a client that opens connections and says nothing, or half of something. Arguments:
 * host, port, number. Prints a line when all are open, and ends with its input.
 */
final class IdleConnections {
  private IdleConnections() {}

  public static void main(String[] arguments) throws IOException {
    int wanted = Integer.parseInt(arguments[2]);
    List<Socket> open = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      Socket socket = new Socket(arguments[0], Integer.parseInt(arguments[1]));
      if (i % 2 == 1) {
        socket.getOutputStream().write(RawClient.bytes("GET /v1/sys/le"));
      }
      open.add(socket);
    }
    System.out.println("open " + open.size());
    int end = System.in.read();
    System.exit(end < 0 ? 0 : 1);
  }
}
