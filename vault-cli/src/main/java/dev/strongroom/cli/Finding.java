package dev.strongroom.cli;

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
