package dev.strongroom.http;

import java.util.Map;

/** {@code sys/leader}: there is one node, and no election. */
final class LeaderPath implements HostPath {

  @Override
  public HttpReply answer(ApiCall call) {
    HostPath.requireMethod(call, "GET");
    return Replies.bare(200, Map.of("ha_enabled", false));
  }
}
