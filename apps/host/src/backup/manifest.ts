import { canonicalJson, type JsonObject } from '#kernel';
import { isBlobDigest } from '#blob-store/port';
import { openNote, signNote, TlogError, type NoteSigner, type NoteVerifier } from '#tlog';
import { BackupError } from './errors.js';

/** What a backup says of itself; docs/reference/backup-format.md has each member. */
export interface BackupManifest {
  readonly v: 1;
  /** UUIDv7. */
  readonly id: string;
  /** When it was finished: RFC 3339, UTC. */
  readonly at: string;
  /** The site's, which is the log's name. */
  readonly origin: string;
  /** The signed note that seals `log/`. */
  readonly checkpoint: string;
  /** How many events it has, sealed and not; decimal. */
  readonly events: string;
  /** SHA-256 of `state/<id>/files.sha256`. */
  readonly files: string;
  /** Whom the secrets are encrypted to. */
  readonly recipients: readonly string[];
  /** The database's migrations, by name. */
  readonly schema: readonly string[];
  /** By reactor: how many events it has handled; decimal. */
  readonly reactors: Readonly<Record<string, string>>;
  /** Blobs that the history names and the site had lost, or had damaged. */
  readonly missingBlobs: readonly string[];
}

/** Stands first in what is signed: nothing else that the ledger's key signs begins so, and no checkpoint can. */
const HEADER = 'holdfast-backup/v1';

export const MANIFEST = 'manifest';

/** Where a backup's own files are, as against those that it shares with the next one. */
export function stateFolder(id: string): string {
  return `state/${id}`;
}

/** The manifest's file: a C2SP signed note. */
export function signManifest(manifest: BackupManifest, signer: NoteSigner): string {
  return signNote(`${HEADER}\n${canonicalJson(manifest as unknown as JsonObject)}\n`, [signer]);
}

/** @throws BackupError `other-site` when somebody else signed it, `backup-damaged` */
export function openManifest(note: string, verifier: NoteVerifier): BackupManifest {
  const [header, json, ...rest] = signedText(note, verifier).split('\n');
  const manifest: unknown =
    header === HEADER && json !== undefined && rest.join() === '' ? parse(json) : undefined;
  if (!isManifest(manifest))
    throw new BackupError('backup-damaged', 'the manifest is not one that this release reads');
  if (manifest.origin !== verifier.name)
    throw new BackupError('other-site', `the backup is of ${manifest.origin}, not of ${verifier.name}`);
  return manifest;
}

function signedText(note: string, verifier: NoteVerifier): string {
  try {
    return openNote(note, [verifier]).text;
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    const code = cause.code === 'no-trusted-signature' ? 'other-site' : 'backup-damaged';
    throw new BackupError(code, `the backup's manifest is not signed by ${verifier.vkey}: ${cause.message}`, {
      cause,
    });
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Signed by the site or not: what is read from outside is looked at before it is used. */
function isManifest(value: unknown): value is BackupManifest {
  if (typeof value !== 'object' || value === null) return false;
  const { v, id, at, origin, checkpoint, events, files, recipients, schema, reactors, missingBlobs } =
    value as Record<keyof BackupManifest, unknown>;
  return (
    v === 1 &&
    matches(/^[0-9a-f-]{36}$/, id) &&
    matches(/^\d{4}-\d\d-\d\dT/, at) &&
    [origin, checkpoint].every((text) => typeof text === 'string') &&
    matches(COUNT, events) &&
    isDigest(files) &&
    isListOf(/^age1/, recipients) &&
    isListOf(/./, schema) &&
    typeof reactors === 'object' &&
    reactors !== null &&
    isListOf(COUNT, Object.values(reactors)) &&
    Array.isArray(missingBlobs) &&
    missingBlobs.every(isDigest)
  );
}

const COUNT = /^(0|[1-9][0-9]{0,17})$/;

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && isBlobDigest(value);
}

function isListOf(pattern: RegExp, value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => matches(pattern, item));
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value);
}
