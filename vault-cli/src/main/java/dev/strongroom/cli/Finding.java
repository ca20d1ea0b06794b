package dev.strongroom.cli;

import dev.strongroom.spi.StorageException;
import java.io.IOException;

/**
 * What one check of the doctor has found.
 *
 * @param check what was looked at
 * @param advice what to do; empty where all is well
 */
record Finding(String check, Result result, String detail, String advice) {
  enum Result {
    OK,
    WARN,
    FAIL
  }

  /** Looks at something that may not let itself be looked at. */
  interface Look {
    Finding at() throws IOException;
  }

  /** Returns what a look finds; that the check fails, if the look is not possible. */
  static Finding ofLook(String check, Look look) {
    try {
      return look.at();
    } catch (StorageException | IOException e) {
      return fail(check, Strongroom.message(e), "run the doctor as the user of the application");
    }
  }

  static Finding ok(String check, String detail) {
    return new Finding(check, Result.OK, detail, "");
  }

  static Finding warn(String check, String detail, String advice) {
    return new Finding(check, Result.WARN, detail, advice);
  }

  static Finding fail(String check, String detail, String advice) {
    return new Finding(check, Result.FAIL, detail, advice);
  }
}
