import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { cose, decodeCredentialPublicKey, isoCBOR } from '@simplewebauthn/server/helpers';
import { IdentityError } from '../domain/errors.js';

/** What keys in use sign with (COSE's numbers): ECDSA on P-256, Ed25519, RSA with SHA-256. */
export const KEY_ALGORITHMS = [-7, -8, -257];

const base64url = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('base64url');

/**
 * A key's public key as everybody's tools read it: SubjectPublicKeyInfo, DER, base64 (RFC 5280, 4.1.2.7).
 * @param coseKey as the authenticator gives it (RFC 9052, 7)
 * @throws IdentityError `security-key-refused`
 */
export function publicKeyOf(coseKey: Uint8Array<ArrayBuffer>): {
  readonly publicKey: string;
  readonly algorithm: number;
} {
  const key = decodeCredentialPublicKey(coseKey);
  const algorithm = key.get(cose.COSEKEYS.alg);
  const jwk = jwkOf(key);
  if (jwk === undefined || algorithm === undefined || !KEY_ALGORITHMS.includes(algorithm)) {
    throw new IdentityError(
      'security-key-refused',
      `the security key signs with an algorithm that is not taken (${algorithm}); ES256, EdDSA and RS256 are`,
    );
  }
  const spki = createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' });
  return { publicKey: spki.toString('base64'), algorithm };
}

function jwkOf(key: cose.COSEPublicKey): JsonWebKey | undefined {
  const { COSEKEYS, COSECRV } = cose;
  if (cose.isCOSEPublicKeyEC2(key) && key.get(COSEKEYS.crv) === COSECRV.P256) {
    return { kty: 'EC', crv: 'P-256', x: base64url(key.get(COSEKEYS.x)), y: base64url(key.get(COSEKEYS.y)) };
  }
  if (cose.isCOSEPublicKeyOKP(key) && key.get(COSEKEYS.crv) === COSECRV.ED25519) {
    return { kty: 'OKP', crv: 'Ed25519', x: base64url(key.get(COSEKEYS.x)) };
  }
  if (cose.isCOSEPublicKeyRSA(key)) {
    return { kty: 'RSA', n: base64url(key.get(COSEKEYS.n)), e: base64url(key.get(COSEKEYS.e)) };
  }
  return undefined;
}

/** The way back, for who checks an answer. @param publicKey as {@link publicKeyOf} gives it */
export function coseKeyOf(publicKey: string, algorithm: number): Uint8Array<ArrayBuffer> {
  const spki = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const jwk = spki.export({ format: 'jwk' });
  const { COSEKEYS, COSEKTY, COSECRV } = cose;
  const bytes = (text: string | undefined) => new Uint8Array(Buffer.from(text ?? '', 'base64url'));
  const members = new Map<number, number | Uint8Array<ArrayBuffer>>([[COSEKEYS.alg, algorithm]]);
  if (jwk.kty === 'EC') {
    members.set(COSEKEYS.kty, COSEKTY.EC2).set(COSEKEYS.crv, COSECRV.P256);
    members.set(COSEKEYS.x, bytes(jwk.x)).set(COSEKEYS.y, bytes(jwk.y));
  } else if (jwk.kty === 'OKP') {
    members.set(COSEKEYS.kty, COSEKTY.OKP).set(COSEKEYS.crv, COSECRV.ED25519);
    members.set(COSEKEYS.x, bytes(jwk.x));
  } else {
    members.set(COSEKEYS.kty, COSEKTY.RSA).set(COSEKEYS.n, bytes(jwk.n)).set(COSEKEYS.e, bytes(jwk.e));
  }
  return isoCBOR.encode(members);
}
