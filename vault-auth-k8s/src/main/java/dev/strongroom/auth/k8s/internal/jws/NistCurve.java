package dev.strongroom.auth.k8s.internal.jws;

import dev.strongroom.auth.k8s.internal.jws.SignatureAlgorithm.KeyType;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.util.Map;
import java.util.Optional;

/**
 * Tells on which of the three curves a key is. Others have orders of the same length, and a
 * provider need not look whether the point is on its curve.
 */
final class NistCurve {
  private static final Map<KeyType, ECParameterSpec> CURVES = Map.of(
      KeyType.P256, named("secp256r1"),
      KeyType.P384, named("secp384r1"),
      KeyType.P521, named("secp521r1"));

  private NistCurve() {}

  private static ECParameterSpec named(String name) {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(name));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(name + " is not usable in this JVM", e);
    }
  }

  static Optional<KeyType> of(ECPublicKey key) {
    return CURVES.entrySet().stream()
        .filter(curve -> isSame(curve.getValue(), key.getParams()))
        .filter(curve -> isOn(curve.getValue().getCurve(), key.getW()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static boolean isSame(ECParameterSpec one, ECParameterSpec other) {
    return one.getCurve().getField().equals(other.getCurve().getField())
        && one.getCurve().getA().equals(other.getCurve().getA())
        && one.getCurve().getB().equals(other.getCurve().getB())
        && one.getGenerator().equals(other.getGenerator())
        && one.getOrder().equals(other.getOrder())
        && one.getCofactor() == other.getCofactor();
  }

  /** SEC 1 section 3.2.2.1, without the multiplication: the cofactor is 1. */
  private static boolean isOn(EllipticCurve curve, ECPoint point) {
    if (point.equals(ECPoint.POINT_INFINITY)) {
      return false;
    }
    BigInteger p = ((ECFieldFp) curve.getField()).getP();
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    BigInteger right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB());
    return isBelow(x, p)
        && isBelow(y, p)
        && y.multiply(y).subtract(right).mod(p).signum() == 0;
  }

  private static boolean isBelow(BigInteger number, BigInteger limit) {
    return number.signum() >= 0 && number.compareTo(limit) < 0;
  }
}
