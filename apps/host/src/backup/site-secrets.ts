import { canonicalBytes, type JsonObject } from '#kernel';
import { BackupError } from './errors.js';

/** What only the recipients may read: one JSON document, encrypted as a whole. */
export interface SiteSecrets {
  readonly v: 1;
  /** The files of the home's `secrets/`, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** The rows of `identity.credential`. */
  readonly credentials: readonly CredentialRow[];
  /** The rows of `site.sealed_setting`. */
  readonly sealedSettings: readonly SealedRow[];
  /** The settings that were set: `HOLDFAST_*`, BLOBS_URL, EVENTSTORE_URL. */
  readonly settings: Readonly<Record<string, string>>;
  /** The files of HOLDFAST_TRUST_ROOTS, by name. */
  readonly trustRoots: Readonly<Record<string, string>>;
}

export interface CredentialRow {
  readonly id: string;
  readonly person: string;
  readonly verifier: string;
  /** RFC 3339. */
  readonly madeAt: string;
}

export interface SealedRow {
  readonly key: string;
  readonly digest: string;
  /** Base64. */
  readonly sealed: string;
  /** RFC 3339. */
  readonly sealedAt: string;
}

/** @throws BackupError `not-supported`, naming the file, for what {@link decodeSecrets} would refuse: then it would be too late */
export function encodeSecrets(secrets: SiteSecrets): Uint8Array {
  const names = [...Object.keys(secrets.files), ...Object.keys(secrets.trustRoots)];
  const misnamed = names.find((name) => !FILE_NAME.test(name));
  if (misnamed !== undefined)
    throw new BackupError(
      'not-supported',
      `a backup cannot keep the file ${JSON.stringify(misnamed)} under this name: give it one of at most 200 characters, none of them a control character`,
    );
  const bytes = canonicalBytes(secrets as unknown as JsonObject);
  decodeSecrets(bytes);
  return bytes;
}

/** @throws BackupError `backup-damaged` for what {@link encodeSecrets} never wrote: names of files become paths */
export function decodeSecrets(bytes: Uint8Array): SiteSecrets {
  const value = parse(bytes);
  // Backups of earlier releases had none.
  const { v, files, credentials, sealedSettings = [], settings, trustRoots } = value;
  if (
    v !== 1 ||
    !isTexts(files, FILE_NAME) ||
    !isTexts(trustRoots, FILE_NAME) ||
    !isTexts(settings, /^[A-Z][A-Z0-9_]*$/) ||
    !Array.isArray(credentials) ||
    !credentials.every(isCredential) ||
    !Array.isArray(sealedSettings) ||
    !sealedSettings.every(isSealed)
  )
    throw unreadable();
  return { v, files, credentials, sealedSettings, settings, trustRoots };
}

/** One step of a path, and none that leads up: operators name trust roots as they like, a key's id may begin with a hyphen. */
const FILE_NAME = /^(?!\.\.?$)[^/\p{Cc}]{1,200}$/u;

function parse(bytes: Uint8Array): Partial<Record<keyof SiteSecrets, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw unreadable(cause);
  }
  throw unreadable();
}

function isTexts(value: unknown, name: RegExp): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([key, text]) => name.test(key) && typeof text === 'string')
  );
}

function isCredential(value: unknown): value is CredentialRow {
  if (typeof value !== 'object' || value === null) return false;
  const { id, person, verifier, madeAt } = value as Record<keyof CredentialRow, unknown>;
  return [id, person, verifier, madeAt].every((text) => typeof text === 'string');
}

function isSealed(value: unknown): value is SealedRow {
  if (typeof value !== 'object' || value === null) return false;
  const { key, digest, sealed, sealedAt } = value as Record<keyof SealedRow, unknown>;
  return [key, digest, sealed, sealedAt].every((text) => typeof text === 'string');
}

function unreadable(cause?: unknown): BackupError {
  return new BackupError(
    'backup-damaged',
    'the decrypted secrets are not in the form that this release reads',
    { cause },
  );
}
