import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { cose, decodeCredentialPublicKey, isoCBOR } from '@simplewebauthn/server/helpers';
import { IdentityError } from '../domain/errors.js';

/** What keys in use sign with (COSE's numbers): ECDSA on P-256, Ed25519, RSA with SHA-256. */
export const KEY_ALGORITHMS = [-7, -8, -257];

/** By a JWK's kind of key: each signs with one of them. */
const ALGORITHM_OF: Readonly<Record<string, number>> = { EC: -7, OKP: -8, RSA: -257 };

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
  if (jwk === undefined || algorithm === undefined || ALGORITHM_OF[jwk.kty ?? ''] !== algorithm) {
    throw new IdentityError(
      'security-key-refused',
      `the security key signs with what is not taken (algorithm ${algorithm}); ES256 on P-256, EdDSA on Ed25519, and RS256 with 2048 to 4096 bits and the exponent 65537 are`,
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
  if (cose.isCOSEPublicKeyRSA(key) && isUsualRsa(key.get(COSEKEYS.n), key.get(COSEKEYS.e))) {
    return { kty: 'RSA', n: base64url(key.get(COSEKEYS.n)), e: base64url(key.get(COSEKEYS.e)) };
  }
  return undefined;
}

function isUsualRsa(n: Uint8Array | undefined, e: Uint8Array | undefined): boolean {
  const modulus = Buffer.from(n ?? [])
    .toString('hex')
    .replace(/^(00)+/, '');
  const bits = modulus === '' ? 0 : BigInt(`0x${modulus}`).toString(2).length;
  return (
    bits >= 2_048 &&
    bits <= 4_096 &&
    Buffer.from(e ?? [])
      .toString('hex')
      .replace(/^(00)+/, '') === '010001'
  );
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
