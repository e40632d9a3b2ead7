import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemClock, type CommandContext } from '#kernel';
import { FilesystemBlobReader } from '#blob-store/filesystem/filesystem-blob-reader';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { filesystemLogReader, writeDurably } from '#ledger/published';
import { prepareDatabase } from '#platform/database/prepare-database';
import { StreamWriter } from '#platform/decide-and-append';
import { restoration, restorationStream } from '#site/domain/restoration';
import { decodeEntryBundle, noteSigner, verifyLog, type Checkpoint } from '#tlog';
import { BackupError } from '../backup/errors.js';
import { stateFolder } from '../backup/manifest.js';
import type { SiteSecrets } from '../backup/site-secrets.js';
import { artefactOf } from '../backup/back-up-blobs.js';
import { blobFile } from '../backup/backup-folder.js';
import type { VerifiedBackup } from '../backup/verify-backup.js';
import { compareLedger } from '../compare-ledger/compare-ledger.js';
import { sealedBy } from '../history/sealed-log.js';
import type { Home } from '../home.js';
import type { LedgerFolders } from '../ledger-folders.js';
import { keyOf, readSecret, writeSecret } from '../secret-files.js';
import { lackingBlobs } from './lacking-blobs.js';
import { lackingAttachments, restoreAttachments } from './attachments.js';
import { lostSecrets } from './lost-secrets.js';
import { HistoryWriter, restoreRows } from './restore-database.js';
import type { GivenUp } from './restore-marker.js';
import { restoreLedger } from './restore-ledger.js';
import { replayTail } from './tail.js';
import { openWritableKept, type KeptPlace } from './writable-kept.js';

/** Where a site is restored to. */
export interface Place extends LedgerFolders, KeptPlace {
  readonly home: Home;
  /** Of an empty database, or of one that this restoration has begun to fill. */
  readonly ownerUrl: string;
  /** IANA name of the site's zone. */
  readonly zone: string;
}

export interface Restoration {
  /** Stays when an interrupted restoration is begun again. */
  readonly id: string;
  readonly backup: VerifiedBackup;
  readonly secrets: SiteSecrets;
  /** A ledger that outlived the site, with newer events than the backup. */
  readonly tail: string | undefined;
  /** A later state that is given up, and why. */
  readonly lost: GivenUp | undefined;
}

/** What a restored site is told of its events. */
export interface Restored {
  readonly events: bigint;
  readonly sealed: bigint;
  readonly withoutPassword: readonly string[];
  /** Keys of secret settings whose values came after the backup. */
  readonly lostSecrets: readonly string[];
  /** Blobs that the history names, and that neither the backup nor the kept folder has. */
  readonly missingBlobs: readonly string[];
}

/**
 * Restores a verified backup. Each step may have been done before, by a run that was interrupted. The record that the site was restored is its
 * first new event; read models and policies come with the projector's next start.
 * @throws BackupError; what the stores throw
 */
export async function restore(restoration: Restoration, place: Place): Promise<Restored> {
  const { backup, secrets, tail } = restoration;
  const { home, ownerUrl } = place;
  const { manifest, verifier } = backup;
  await home.make();
  await restoreSecrets(secrets, home, verifier.vkey);
  const siteKey = await keyOf(home.secret('site.key'), false);
  await prepareDatabase(ownerUrl, siteKey);
  let { events, manifests, attachments } = await restoreHistory(backup, ownerUrl);
  await restoreRows(ownerUrl, secrets, manifest.reactors);
  await restoreBlobs(backup, { manifests, attachments }, place);
  let withoutPassword: readonly string[] = [];
  let { checkpoint } = backup;
  if (tail === undefined) {
    const log = filesystemLogReader(path.join(backup.folder, 'log'));
    await restoreLedger(log, manifest.checkpoint, checkpoint.size, place);
  } else {
    const replayed = await replayTail(tail, verifier, ownerUrl, [checkpoint]);
    ({ withoutPassword, checkpoint, after: events } = replayed);
    manifests = new Set([...manifests, ...replayed.manifests]);
    attachments = new Set([...attachments, ...replayed.attachments]);
    const note = await readFile(path.join(tail, 'checkpoint'), 'utf8');
    await restoreLedger(filesystemLogReader(tail), note, checkpoint.size, place);
  }
  const { differences } = await compareLedger(place.ledgerDir, verifier.vkey, ownerUrl);
  const [first] = differences;
  if (first) throw new BackupError('history-differs', `event ${first.position} was not restored as it was`);
  await record(restoration, checkpoint, events, place);
  const missingBlobs = [
    ...(await lackingBlobs(manifests, place)),
    ...(await lackingAttachments(attachments, ownerUrl)),
  ];
  const lost = await lostSecrets(ownerUrl, siteKey);
  return { events, sealed: checkpoint.size, withoutPassword, lostSecrets: lost, missingBlobs };
}

async function restoreSecrets(
  { files, settings, trustRoots }: SiteSecrets,
  home: Home,
  vkey: string,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const text = content.trim();
    const kept = await readSecret(home.secret(name));
    if (kept === undefined) await writeSecret(home.secret(name), text);
    else if (kept !== text) throw new BackupError('not-empty', `${home.secret(name)} is not the backup's`);
  }
  const origin = vkey.split('+')[0] ?? '';
  if (noteSigner(origin, await keyOf(home.secret('ledger.key'), false)).vkey !== vkey)
    throw new BackupError(
      'backup-damaged',
      'the ledger key in the secrets is not the one that signed the backup',
    );
  const roots = path.join(home.folder, 'trust-roots');
  const texts = Object.entries(trustRoots).map(([name, text]) => [path.join(roots, name), text] as const);
  const moved = texts.length > 0 ? { HOLDFAST_TRUST_ROOTS: roots } : {};
  const file = path.join(home.folder, 'settings.env');
  await mkdir(roots, { recursive: true });
  await writeDurably(new Map(texts));
  // With a password in a URL, maybe: for our own account from its first byte on. A run before may have written it.
  await rm(file, { force: true });
  await writeSecret(file, formatSettings({ ...settings, ...moved }));
}

/** As systemd and a shell read it. */
function formatSettings(settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name}='${value.replaceAll("'", String.raw`'\''`)}'`,
  );
  return `# What was set when the backup was taken. Nothing reads this file: look through it, and set what still holds.\n${lines.join('\n')}`;
}

/** Blobs that events name. */
interface Named {
  readonly manifests: ReadonlySet<string>;
  readonly attachments: ReadonlySet<string>;
}

async function restoreHistory(
  { folder, manifest, verifier }: VerifiedBackup,
  ownerUrl: string,
): Promise<Named & { readonly events: bigint }> {
  const writer = await HistoryWriter.open(ownerUrl);
  try {
    const log = sealedBy(manifest.checkpoint, filesystemLogReader(path.join(folder, 'log')));
    await verifyLog(log, [verifier], { onEntry: (_position, bytes) => writer.take(bytes, true) });
    const unsealed = await readFile(path.join(folder, stateFolder(manifest.id), 'unsealed'));
    for (const bytes of decodeEntryBundle(unsealed)) await writer.take(bytes, true);
    const { manifests, attachments } = writer;
    return { events: await writer.finish(), manifests, attachments };
  } finally {
    await writer.close();
  }
}

/** What is for the kept blobs, and what for the database: the same bytes may be for both. */
async function restoreBlobs(
  { folder, files }: VerifiedBackup,
  { manifests, attachments }: Named,
  place: Pick<Place, keyof KeptPlace | 'ownerUrl'>,
): Promise<void> {
  const from = new FilesystemBlobReader(path.join(folder, 'blobs'));
  const to = await openWritableKept(place);
  const artefacts = new Set<string | undefined>();
  for (const manifest of manifests)
    if (files.has(blobFile(manifest))) artefacts.add(await artefactOf(manifest, from));
  for (const [name, digest] of files) {
    const alone = attachments.has(digest) && !manifests.has(digest) && !artefacts.has(digest);
    if (!name.startsWith('blobs/') || alone || (await to.verify(digest))) continue;
    await to.put(await from.open(digest), { sha256: digest });
  }
  await to.close();
  await restoreAttachments(
    [...attachments].filter((digest) => files.has(blobFile(digest))),
    from,
    place.ownerUrl,
  );
}

async function record(
  { id, backup, lost }: Restoration,
  checkpoint: Checkpoint,
  events: bigint,
  { ownerUrl, zone }: Place,
): Promise<void> {
  const sealed = { size: String(checkpoint.size), root: checkpoint.root.toString('base64') };
  const store = new PostgresEventStore(ownerUrl);
  try {
    await new StreamWriter(store, zone).decideAndAppend(restoration, restorationStream(id), {
      type: 'RecordRestoration',
      restored: { backup: backup.manifest.id, events: String(events), checkpoint: sealed },
      lost: lost ? { size: lost.size, root: lost.root } : null,
      context: contextOf(id, lost?.why),
    });
  } finally {
    await store.close();
  }
}

function contextOf(id: string, why: string | undefined): CommandContext {
  return {
    at: systemClock.now(),
    actor: { kind: 'service', id: 'host', for: restorationStream(id) },
    reason:
      why === undefined
        ? { code: 'restored', text: 'The site was restored from a backup.' }
        : { code: 'rollback-acknowledged', text: why },
    cause: id,
    correlation: id,
    authorisedBy: [],
  };
}
