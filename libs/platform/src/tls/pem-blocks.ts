import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { namesOf } from './certificate-facts.js';
import { TlsError } from './errors.js';

/** A chain of RSA certificates with OpenSSL's descriptions between them has 40 KiB. */
export const PEM_LIMIT = 256 * 1024;
const CERTIFICATES_LIMIT = 20;
/** Public authorities put at most 100 into one. Both certificates, old and new, must fit into an event. */
const NAMES_LIMIT = 100;

/** What a text in PEM (RFC 7468) holds, in its order. */
export interface PemContent {
  readonly certificates: readonly X509Certificate[];
  readonly keys: readonly KeyObject[];
}

/** They come with keys and tell nothing that the key does not. */
const PASSED_OVER = new Set(['EC PARAMETERS', 'DH PARAMETERS']);
const KEYS = new Set(['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY']);
const BEGIN = /^-----BEGIN ([A-Z0-9 ]{1,40})-----$/;

/**
 * Reads certificates and private keys out of a text, whatever else stands between them, as `openssl` writes descriptions.
 * @throws TlsError `certificate-too-large`, `malformed-certificate`, `malformed-private-key`, `encrypted-private-key`
 */
export function readPem(text: string): PemContent {
  if (text.length > PEM_LIMIT) throw tooLarge(`is larger than ${PEM_LIMIT / 1024} KiB`);
  const certificates = new Map<string, X509Certificate>();
  const keys: KeyObject[] = [];
  for (const { label, pem, line } of blocks(text)) {
    if (label === 'CERTIFICATE') {
      const certificate = certificateOf(pem, line);
      const { length } = namesOf(certificate);
      if (length > NAMES_LIMIT)
        throw tooLarge(`has a certificate for ${length} names; at most ${NAMES_LIMIT} are taken`);
      certificates.set(certificate.fingerprint256, certificate);
      if (certificates.size > CERTIFICATES_LIMIT)
        throw tooLarge(`holds more than ${CERTIFICATES_LIMIT} certificates`);
    } else if (KEYS.has(label)) keys.push(keyOf(pem, line));
    else if (label === 'ENCRYPTED PRIVATE KEY') throw encrypted(line);
    else if (!PASSED_OVER.has(label))
      throw new TlsError(
        'malformed-certificate',
        `line ${line} begins a block ${label}: give certificates (CERTIFICATE) and one key (PRIVATE KEY), nothing else`,
      );
  }
  return { certificates: [...certificates.values()], keys };
}

interface Block {
  readonly label: string;
  readonly pem: string;
  /** The line that it begins on, from 1. */
  readonly line: number;
}

/** Line by line: the text is somebody else's, and a pattern over all of it could be made to take for ever. */
function* blocks(text: string): Generator<Block> {
  let open: { readonly label: string; readonly from: number } | undefined;
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  for (const [at, line] of lines.entries()) {
    const label = BEGIN.exec(line)?.[1];
    if (label !== undefined) {
      if (open) throw cutOff(open);
      open = { label, from: at };
    } else if (open && line === `-----END ${open.label}-----`) {
      yield { label: open.label, pem: lines.slice(open.from, at + 1).join('\n'), line: open.from + 1 };
      open = undefined;
    }
  }
  if (open) throw cutOff(open);
}

function certificateOf(pem: string, line: number): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new TlsError(
      'malformed-certificate',
      `the certificate on line ${line} cannot be read: it is damaged, or no certificate`,
      { cause },
    );
  }
}

function keyOf(pem: string, line: number): KeyObject {
  if (/^Proc-Type: *4,ENCRYPTED$/m.test(pem)) throw encrypted(line);
  try {
    return createPrivateKey(pem);
  } catch {
    // What OpenSSL says may show where in the key it stopped.
    throw new TlsError('malformed-private-key', `the private key on line ${line} cannot be read`);
  }
}

function cutOff({ label, from }: { readonly label: string; readonly from: number }): TlsError {
  return new TlsError(
    label.endsWith('PRIVATE KEY') ? 'malformed-private-key' : 'malformed-certificate',
    `the block ${label} that begins on line ${from + 1} does not end: is the last part of the file missing?`,
  );
}

function encrypted(line: number): TlsError {
  return new TlsError(
    'encrypted-private-key',
    `the private key on line ${line} is encrypted, and servers start without anybody to ask: decrypt it first, with "openssl pkey -in my.key"`,
  );
}

function tooLarge(how: string): TlsError {
  return new TlsError('certificate-too-large', `what was given for a certificate and its key ${how}`);
}
