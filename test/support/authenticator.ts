import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A person's authenticator app, as RFC 6238 has it, written apart from ours. */
export class Authenticator {
  private readonly key: Buffer;

  /** @param secret in base32, as it was shown */
  constructor(secret: string) {
    let bits = '';
    for (const letter of secret) bits += ALPHABET.indexOf(letter).toString(2).padStart(5, '0');
    this.key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  }

  /** @param at RFC 3339 */
  codeAt(at: string): string {
    const counter = Buffer.alloc(8);
    counter.writeUInt32BE(Math.floor(Date.parse(at) / 30_000), 4);
    const mac = createHmac('sha1', this.key).update(counter).digest();
    const from = (mac[19] ?? 0) % 16;
    return String((mac.readUInt32BE(from) % 2 ** 31) % 1_000_000).padStart(6, '0');
  }
}
