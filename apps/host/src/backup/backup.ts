import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock, uuidv7 } from '#kernel';
import type { BlobReader } from '#blob-store/port';
import { FilesystemBlobStore } from '#blob-store/filesystem/filesystem-blob-store';
import type { EventStore } from '#event-store/port';
import { filesystemLogReader, writeDurably } from '#ledger/published';
import { decodeEntryBundle, noteSigner, noteVerifier, openCheckpoint, type NoteSigner } from '#tlog';
import { openKey, type KeyFiles } from '../key-files.js';
import { readSecret } from '../secret-files.js';
import type { Home } from '../home.js';
import { backUpBlobs } from './back-up-blobs.js';
import { backUpHistory } from './back-up-history.js';
import { BackupFolder, readFileList } from './backup-folder.js';
import { BackupError } from './errors.js';
import { checkFiles } from './file-list.js';
import { stateFolder, type BackupManifest } from './manifest.js';
import { encrypterFor } from './recipients.js';
import type { SiteDatabase } from './site-database.js';
import { readSecretFiles, readTrustRoots, settingsIn } from './site-files.js';
import { encodeSecrets } from './site-secrets.js';
import { StoredHistory } from './stored-history.js';

/** What a backup is taken of. */
export interface Site {
  readonly home: Home;
  readonly keys: KeyFiles;
  readonly ledgerDir: string;
  readonly store: EventStore;
  readonly database: SiteDatabase;
  readonly kept: BlobReader;
  readonly trustRootsDir: string | undefined;
  /** Of which the settings are kept. */
  readonly env: NodeJS.ProcessEnv;
}

export interface BackupReport {
  readonly id: string;
  readonly origin: string;
  readonly events: bigint;
  readonly sealed: bigint;
  readonly blobs: number;
  readonly copied: number;
  readonly missing: readonly string[];
}

/**
 * Takes a backup while the site runs. What it holds belongs together: events up to a position; every blob that they name, since a blob is kept
 * before an event names it; every password verifier and every secret setting that they name, for the same reason; and each reactor at or before that position.
 * @throws BackupError; TlogError when the ledger is not in order; BlobStoreError, EventStoreError `unavailable`
 */
export async function backUp(site: Site, to: string, recipients: readonly string[]): Promise<BackupReport> {
  const encrypter = encrypterFor(recipients);
  const signer = await ledgerSigner(site);
  const verifier = noteVerifier(signer.vkey);
  const target = await BackupFolder.open(to, verifier);
  const { earlier } = target;
  // Before the events: a reactor may not be ahead of what the backup holds.
  const history = new StoredHistory(site.store, await site.database.reactors());
  const log = await backUpHistory(
    {
      history,
      ledger: filesystemLogReader(site.ledgerDir),
      verifier,
      earlier: earlier && {
        checkpoint: openCheckpoint(earlier.checkpoint, [verifier]),
        events: BigInt(earlier.events),
        unsealed: await readUnsealed(target.folder, earlier),
      },
    },
    target.folder,
  );
  const id = uuidv7();
  const own = stateFolder(id);
  // After the events: a row is written before the event that names it.
  const secrets = encodeSecrets({
    v: 1,
    files: { ...(await readSecretFiles(site.home.secret(''))), ...(await readKeys(site.keys)) },
    credentials: await site.database.credentials(),
    sealedSettings: await site.database.sealedSettings(),
    settings: settingsIn(site.env),
    trustRoots: await readTrustRoots(site.trustRootsDir),
  });
  await writeDurably(
    new Map<string, Uint8Array | string>([
      [path.join(target.folder, 'log/log.vkey'), `${signer.vkey}\n`],
      [path.join(target.folder, own, 'unsealed'), log.unsealed],
      [path.join(target.folder, own, 'secrets.age'), await encrypter.encrypt(secrets)],
    ]),
  );
  const blobs = await keepBlobs(target.folder, history, site);
  const manifest = {
    v: 1,
    id,
    at: systemClock.now(),
    origin: signer.name,
    checkpoint: log.checkpoint,
    events: String(history.size),
    recipients,
    schema: await site.database.schema(),
    reactors: history.handledBy,
    missingBlobs: blobs.missing,
  } as const;
  const files = [
    ...log.files.map((name) => `log/${name}`),
    'log/log.vkey',
    `${own}/unsealed`,
    `${own}/secrets.age`,
  ];
  await target.complete(manifest, { files, blobs: blobs.digests }, signer);
  return {
    id,
    origin: signer.name,
    events: history.size,
    sealed: log.sealed,
    blobs: blobs.digests.length,
    copied: blobs.copied,
    missing: blobs.missing,
  };
}

/** Of the backup that is there. @throws BackupError `backup-damaged` when it is not what it was: nothing can be held against it */
async function readUnsealed(folder: string, earlier: BackupManifest): Promise<readonly Uint8Array[]> {
  const name = `${stateFolder(earlier.id)}/unsealed`;
  const digest = (await readFileList(folder, earlier)).get(name);
  await checkFiles(folder, new Map([[name, digest ?? '']]));
  return decodeEntryBundle(await readFile(path.join(folder, name)));
}

async function keepBlobs(folder: string, history: StoredHistory, { kept, database }: Site) {
  const store = await FilesystemBlobStore.open(path.join(folder, 'blobs'));
  const attachments = { named: history.attachments, from: database.attachments };
  const blobs = await backUpBlobs(history.manifests, kept, store, attachments);
  await store.close();
  return blobs;
}

/** As who runs on the host may: with the key that seals the ledger. @throws Error when the home lacks it */
async function ledgerSigner({ home, keys }: Site): Promise<NoteSigner> {
  const vkey = await readSecret(home.secret('ledger.vkey'));
  if (vkey === undefined)
    throw new BackupError('no-backup', `${home.folder} is no site's home: it has no ledger.vkey`);
  return noteSigner(noteVerifier(vkey).name, await openKey(keys.ledger, false));
}

/** Wherever each one is, by the name that it has in a home. */
async function readKeys(keys: KeyFiles): Promise<Record<string, string>> {
  const read = Object.entries(keys).map(
    async ([name, file]) => [`${name}.key`, `${(await openKey(file, false)).toString('hex')}\n`] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}
