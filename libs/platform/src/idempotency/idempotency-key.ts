import { HttpError } from '../http/errors.js';

export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';

/** Shorter ones are soon given twice. */
const KEY = /^[!#-~]{16,128}$/;

/**
 * The key in the header (draft-ietf-httpapi-idempotency-key-header, 2.1: a string as RFC 8941 has it, in quotation marks; taken without them too).
 * @returns undefined without the header
 * @throws HttpError `invalid-request`
 */
export function idempotencyKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const quoted = typeof header === 'string' ? /^"([^"\\]*)"$/.exec(header) : null;
  const key = quoted?.[1] ?? header;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw new HttpError(
    'invalid-request',
    'Idempotency-Key is 16 to 128 visible ASCII characters without quotation marks, best a new UUID; it may stand in quotation marks',
  );
}
