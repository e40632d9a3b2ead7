import { createPrivateKey, type KeyObject } from 'node:crypto';

/** RFC 4880 §5.5.3: what stands in an armoured, unprotected RSA secret key. Reads snapd's published test keys, nothing hostile. */
export function readSecretKey(armoured: string): KeyObject {
  const lines = armoured.split('\n');
  const from = lines.indexOf('') + 1;
  const checksum = lines.findIndex((line) => /^=....$/.test(line));
  const packet = new Reader(Buffer.from(lines.slice(from, checksum).join(''), 'base64'));
  packet.skipOldHeader(5);
  const [version, , , , , algorithm] = packet.bytes(6);
  if (version !== 4 || algorithm !== 1) throw new Error('expected an RSA secret key of version 4');
  const [n, e] = [packet.number(), packet.number()];
  if (packet.bytes(1)[0] !== 0) throw new Error('expected a key without a passphrase');
  const [d, p, q] = [packet.number(), packet.number(), packet.number()];
  return importKey({ n, e, d, p, q });
}

class Reader {
  private at = 0;

  constructor(private readonly buffer: Buffer) {}

  bytes(count: number): Buffer {
    const end = this.at + count;
    if (end > this.buffer.length) throw new Error('the secret key ends early');
    const taken = this.buffer.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  number(): bigint {
    const bits = this.bytes(2).readUInt16BE();
    return BigInt(`0x${this.bytes(Math.ceil(bits / 8)).toString('hex')}`);
  }

  /** §4.2.1: the header that gpg writes. */
  skipOldHeader(tag: number): void {
    const [first = 0] = this.bytes(1);
    if ((first & 0xc0) !== 0x80 || ((first >> 2) & 15) !== tag)
      throw new Error(`expected an OpenPGP packet with tag ${tag}`);
    this.bytes([1, 2, 4][first & 3] ?? 0);
  }
}

function importKey({ n, e, d, p, q }: Record<'n' | 'e' | 'd' | 'p' | 'q', bigint>): KeyObject {
  const numbers = { n, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const jwk = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, base64url(value)]));
  return createPrivateKey({ format: 'jwk', key: { kty: 'RSA', ...jwk } });
}

function base64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
}

/** Of a value modulo a prime, by Euclid's extended algorithm. */
function inverse(value: bigint, prime: bigint): bigint {
  let [a, b, x, y] = [value % prime, prime, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % prime) + prime) % prime;
}
