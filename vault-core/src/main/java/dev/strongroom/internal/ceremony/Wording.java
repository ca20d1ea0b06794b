package dev.strongroom.internal.ceremony;

/**
 * How the two forms of the change of shares say the same: {@code sys/rekey}, and the newer
 * {@code sys/rotate}. Texts of OpenBao v2.6.2 {@code vault/rekey.go} and {@code vault/rotate.go},
 * which clients show to people.
 */
public enum Wording {
  REKEY {
    @Override
    String alreadyInProgress() {
      return "rekey already in progress";
    }

    @Override
    String noneInProgress(boolean recovery) {
      return "no " + (recovery ? "recovery" : "barrier") + " rekey in progress";
    }

    @Override
    String verificationDue(String nonce) {
      return "rekey operation already finished; verification must be performed; nonce for the verification operation is \""
          + nonce + "\"";
    }

    @Override
    String wrongNonce(String nonce) {
      return "incorrect nonce supplied; nonce for this rekey operation is \"" + nonce + "\"";
    }

    @Override
    String repeated(boolean recovery) {
      return "given key has already been provided during this "
          + (recovery ? "rekey" : "generation") + " operation";
    }

    @Override
    String noVerification(boolean begun) {
      return begun ? "no rekey verification in progress" : "no rekey in progress";
    }

    @Override
    String verificationFailed() {
      return "rekey verification failed; incorrect key shares supplied";
    }

    @Override
    public String noConfiguration() {
      return "no rekey configuration found";
    }

    @Override
    public String invalidConfiguration(boolean recovery) {
      return recovery ? "invalid recovery configuration: " : "invalid rekey seal configuration: ";
    }

    @Override
    String noRecoveryShares() {
      return "recovery rekeying not supported";
    }
  },

  ROTATION {
    @Override
    String alreadyInProgress() {
      return "rotation already in progress";
    }

    @Override
    String noneInProgress(boolean recovery) {
      return "no rotation in progress";
    }

    @Override
    String verificationDue(String nonce) {
      return "rotation already finished; verification must be performed; nonce for the verification operation is \""
          + nonce + "\"";
    }

    @Override
    String wrongNonce(String nonce) {
      return "incorrect nonce supplied; nonce for rotation is \"" + nonce + "\"";
    }

    @Override
    String repeated(boolean recovery) {
      return "given key has already been provided during this rotation";
    }

    @Override
    String noVerification(boolean begun) {
      return begun ? "no rotation verification in progress" : "no rotation in progress";
    }

    @Override
    String verificationFailed() {
      return "rotation verification failed; incorrect key shares supplied";
    }

    @Override
    public String noConfiguration() {
      return "no rotation configuration found";
    }

    @Override
    public String invalidConfiguration(boolean recovery) {
      return recovery ? "invalid recovery configuration: " : "invalid rotate seal configuration: ";
    }

    @Override
    String noRecoveryShares() {
      return "recovery keys not supported";
    }
  };

  abstract String alreadyInProgress();

  abstract String noneInProgress(boolean recovery);

  abstract String verificationDue(String nonce);

  abstract String wrongNonce(String nonce);

  abstract String repeated(boolean recovery);

  abstract String noVerification(boolean begun);

  abstract String verificationFailed();

  /** Nothing is there that could be verified. */
  public abstract String noConfiguration();

  /** What stands before the reason why numbers of shares are refused. */
  public abstract String invalidConfiguration(boolean recovery);

  abstract String noRecoveryShares();
}
