package dev.strongroom.internal.pipeline;

/**
 * An exception as it may be logged: what it is and where it came from, without its text and those
 * of its causes, which may quote what a caller sent.
 */
public final class WithoutText extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WithoutText(Throwable source) {
    super(
        source.getClass().getName(),
        source.getCause() == null ? null : new WithoutText(source.getCause()));
    setStackTrace(source.getStackTrace());
  }
}
