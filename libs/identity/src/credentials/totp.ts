import { createHmac, timingSafeEqual } from 'node:crypto';

/** Of RFC 6238 what every authenticator app takes: HMAC-SHA-1, 6 digits, steps of 30 s since 1970. */
export const TOTP_DIGITS = 6;
const STEP_MS = 30_000;
/** As long as the HMAC's output, as RFC 4226 (4, R6) recommends. */
export const TOTP_SECRET_BYTES = 20;
/** A code is taken one step early or late: clocks differ, and typing takes time (RFC 6238, 5.2). */
const DRIFT = 1;

/** The number of the step that a moment lies in. @param at RFC 3339 */
export function stepAt(at: string): number {
  return Math.floor(Date.parse(at) / STEP_MS);
}

/** The code of a step (RFC 4226, 5.3). */
export function codeOf(secret: Uint8Array, step: number, digits = TOTP_DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0xf;
  const truncated = mac.readUInt32BE(offset) & 0x7f_ff_ff_ff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
}

/** The step whose code this is, of those that are taken at that moment; undefined for any other code. @param at RFC 3339 */
export function matchingStep(secret: Uint8Array, code: string, at: string): number | undefined {
  const given = Buffer.from(code);
  const now = stepAt(at);
  let found: number | undefined;
  for (let step = now - DRIFT; step <= now + DRIFT; step++) {
    const right = Buffer.from(codeOf(secret, step));
    if (right.length === given.length && timingSafeEqual(right, given)) found = step;
  }
  return found;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, 6, without padding: 20 bytes have none. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const fives = bits.match(/.{1,5}/g) ?? [];
  return fives.map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '').join('');
}

/** What authenticator apps read, as text or as a QR code (the "Key Uri Format" of Google Authenticator). */
export function otpauthUri(secret: Uint8Array, { issuer, login }: { issuer: string; login: string }): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(login)}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}`;
}
