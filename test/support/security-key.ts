import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();
const base64url = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url');

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;

/** How an answer comes about, where it is not as it should be. */
export interface Unusual {
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  readonly present?: boolean;
  /** Whether it asked for its PIN. */
  readonly verified?: boolean;
  /** What it says it has counted to, and goes on from. */
  readonly count?: number;
}

interface Asked {
  readonly challenge: string;
  readonly origin: string;
  readonly rpId: string;
}

const ALGORITHMS = { es256: -7, eddsa: -8, rs256: -257 } as const;

/** A security key and the browser before it, by W3C WebAuthn, written apart from the library that checks them. */
export class TestSecurityKey {
  readonly id = randomBytes(32);
  private readonly privateKey: KeyObject;
  private readonly coseKey: Buffer;
  private count = 0;

  /** @param origin of the page that asks it */
  constructor(
    private readonly origin: string,
    private readonly algorithm: keyof typeof ALGORITHMS = 'es256',
  ) {
    const { privateKey, publicKey } = keyPair(algorithm);
    this.privateKey = privateKey;
    this.coseKey = coseKeyOf(publicKey, ALGORITHMS[algorithm]);
  }

  /** The body that confirms an enrolment. @param options PublicKeyCredentialCreationOptionsJSON */
  register(options: unknown, unusual: Unusual = {}): Record<string, unknown> {
    const { challenge, rp } = options as { readonly challenge: string; readonly rp: { readonly id: string } };
    const asked = { challenge, rpId: rp.id, origin: this.origin };
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, this.coseKey]);
    const authData = Buffer.concat([this.authenticatorData(asked, unusual, ATTESTED), attested]);
    const attestation = Buffer.concat([
      Buffer.from([0xa3]),
      text('fmt'),
      text('none'),
      text('attStmt'),
      Buffer.from([0xa0]),
      text('authData'),
      bytes(authData),
    ]);
    return {
      credentialId: base64url(this.id),
      clientDataJSON: this.clientData('webauthn.create', asked, unusual),
      attestationObject: base64url(attestation),
      transports: ['usb'],
    };
  }

  /** The member `securityKey` of a body. @param challenge as control answers it */
  answer(challenge: unknown, unusual: Unusual = {}): Record<string, unknown> {
    const { statement, options } = challenge as {
      readonly statement: { readonly at: string; readonly nonce: string };
      readonly options: { readonly challenge: string; readonly rpId: string };
    };
    const asked = { challenge: options.challenge, rpId: options.rpId, origin: this.origin };
    const clientDataJSON = this.clientData('webauthn.get', asked, unusual);
    const authenticatorData = this.authenticatorData(asked, unusual, 0);
    const signed = Buffer.concat([authenticatorData, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
    const hash = this.algorithm === 'eddsa' ? null : 'sha256';
    return {
      at: statement.at,
      nonce: statement.nonce,
      credentialId: base64url(this.id),
      clientDataJSON,
      authenticatorData: base64url(authenticatorData),
      signature: base64url(sign(hash, signed, this.privateKey)),
    };
  }

  private clientData(type: string, { challenge, origin }: Asked, unusual: Unusual): string {
    const { crossOrigin = false } = unusual;
    return base64url(JSON.stringify({ type, challenge, origin, crossOrigin, ...clientDataOf(unusual) }));
  }

  private authenticatorData({ rpId }: Asked, unusual: Unusual, more: number): Buffer {
    this.count = unusual.count ?? this.count + 1;
    const { present = true, verified = true } = unusual;
    const flags = (present ? USER_PRESENT : 0) | (verified ? USER_VERIFIED : 0) | more;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.count);
    return Buffer.concat([sha256(unusual.rpId ?? rpId), Buffer.from([flags]), count]);
  }
}

function clientDataOf({ type, origin }: Unusual): object {
  return { ...(type === undefined ? {} : { type }), ...(origin === undefined ? {} : { origin }) };
}

function keyPair(algorithm: keyof typeof ALGORITHMS): {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
} {
  switch (algorithm) {
    case 'es256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'eddsa':
      return generateKeyPairSync('ed25519');
    case 'rs256':
      return generateKeyPairSync('rsa', { modulusLength: 2_048 });
  }
}

/** RFC 9053, 7, and RFC 8230, 4. */
export function coseKeyOf(publicKey: KeyObject, algorithm: number): Buffer {
  const { kty, x = '', y = '', n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const value = (text: string) => bytes(Buffer.from(text, 'base64url'));
  const start = (type: number, members: number) =>
    Buffer.concat([Buffer.from([0xa0 + members, 0x01, type, 0x03]), integer(algorithm)]);
  if (kty === 'EC') {
    const [curve, second] = [Buffer.from([0x20, 0x01, 0x21]), Buffer.from([0x22])];
    return Buffer.concat([start(2, 5), curve, value(x), second, value(y)]);
  }
  if (kty === 'OKP') return Buffer.concat([start(1, 4), Buffer.from([0x20, 0x06, 0x21]), value(x)]);
  return Buffer.concat([start(3, 4), Buffer.from([0x20]), value(n), Buffer.from([0x21]), value(e)]);
}

/** A negative integer in CBOR (RFC 8949, 3.1). */
function integer(value: number): Buffer {
  const argument = -1 - value;
  return argument < 24 ? Buffer.from([0x20 + argument]) : Buffer.from([0x39, argument >> 8, argument & 0xff]);
}

function bytes(content: Buffer): Buffer {
  return Buffer.concat([head(2, content.length), content]);
}

function text(content: string): Buffer {
  return Buffer.concat([head(3, content.length), Buffer.from(content)]);
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 256) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff]);
}
