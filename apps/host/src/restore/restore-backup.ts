import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { MIGRATIONS } from '#platform/database/migrations';
import { filesystemLogReader } from '#ledger/published';
import { TlogError, verifyLog, type Checkpoint, type NoteVerifier } from '#tlog';
import { BackupError } from '../backup/errors.js';
import { stateFolder, type BackupManifest } from '../backup/manifest.js';
import { decodeSecrets } from '../backup/site-secrets.js';
import { verifyBackup, type VerifiedBackup } from '../backup/verify-backup.js';
import type { HostConfig } from '../config.js';
import { checkpointIn } from '../history/checkpoint-in.js';
import { Home } from '../home.js';
import { ledgerFolders } from '../ledger-folders.js';
import { withOwnHome } from '../with-own-home.js';
import { decryptWith } from './identity-file.js';
import { newestOf, statesInPlace, type KnownState } from './known-states.js';
import { refuseOtherPlaces, withPlacesOf } from './place-settings.js';
import { refuseUsedDatabase } from './restore-database.js';
import { endRestoring, readMarker, refuseUsedHome, resumeOrBegin, type GivenUp } from './restore-marker.js';
import { restore, type Restoration, type Restored } from './restore.js';

export interface Asked {
  /** The backup's folder. */
  readonly from: string;
  readonly identity: string;
  readonly verifier: NoteVerifier;
  /** From elsewhere than where the ledger is restored to. */
  readonly known: readonly KnownState[];
  /** Why a later state is given up, when it is. */
  readonly why: string | undefined;
  readonly tail: string | undefined;
  /** The ledger and the blobs are to be elsewhere than they were. */
  readonly moved: boolean;
  /** Which says where. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Looks at everything first (the backup, the identity, every sealed state that is known, that home and database are empty), then restores. Until
 * it has come to its end a marker stands in the home, with which nothing else starts, and the same command goes on.
 * @throws BackupError
 */
export async function restoreBackup(asked: Asked, config: HostConfig): Promise<Restored> {
  const { verifier } = asked;
  const known = [
    ...asked.known,
    ...(await statesInPlace(ledgerFolders(new Home(config.home), config), verifier)),
  ];
  const checkpoints = known.map(({ checkpoint }) => checkpoint);
  const backup = await verifyBackup(asked.from, verifier, checkpoints);
  const { id } = backup.manifest;
  refuseOfLaterRelease(backup.manifest);
  const encrypted = await readFile(path.join(asked.from, stateFolder(id), 'secrets.age'));
  const decrypted = decodeSecrets(await decryptWith(asked.identity, encrypted));
  if (!asked.moved) refuseOtherPlaces(decrypted.settings, asked.env);
  const secrets = { ...decrypted, settings: withPlacesOf(asked.env, decrypted.settings) };
  const tail =
    asked.tail === undefined
      ? undefined
      : await verifyTail(asked.tail, verifier, backup.checkpoint, checkpoints);
  return withOwnHome(config, async (home, ownerUrl) => {
    const begun = await readMarker(home);
    const lost = givenUp(asked.why, newestOf(known), eventsOf(backup, tail), begun?.lost);
    if (begun === undefined) {
      await refuseUsedHome(home);
      if (config.databaseUrl !== undefined) await refuseUsedDatabase(config.databaseUrl);
    }
    const restoring = await resumeOrBegin(home, id, lost);
    const restoration: Restoration = { id: restoring.id, backup, secrets, tail: asked.tail, lost };
    const place = {
      home,
      ...ledgerFolders(home, config),
      blobs: config.blobs,
      keptDir: config.keptDir ?? home.kept(),
      spoolDir: home.spool(),
      ownerUrl: await ownerUrl(),
      zone: config.zone,
    };
    const restored = await restore(restoration, place);
    await endRestoring(home);
    return restored;
  });
}

function refuseOfLaterRelease({ schema }: BackupManifest): void {
  const unknown = schema.find((name, i) => MIGRATIONS[i]?.name !== name);
  if (unknown === undefined) return;
  throw new BackupError(
    'not-supported',
    `the backup is of another release: it has the migration “${unknown}”, which this release does not know`,
  );
}

function eventsOf({ manifest }: VerifiedBackup, tail: Checkpoint | undefined): bigint {
  const events = BigInt(manifest.events);
  return tail && tail.size > events ? tail.size : events;
}

/**
 * The newest known state, when what can be restored does not reach it and that is acknowledged.
 * @param before what was acknowledged when this restoration was begun
 * @throws BackupError `rolled-back` when it is not
 */
function givenUp(
  why: string | undefined,
  known: KnownState | undefined,
  have: bigint,
  before: GivenUp | undefined,
): GivenUp | undefined {
  if (known === undefined || known.checkpoint.size <= have) return before;
  const { size, root } = known.checkpoint;
  if (before && size <= BigInt(before.size)) return before;
  if (why !== undefined && why.trim() !== '')
    return { size: String(size), root: root.toString('base64'), why };
  throw new BackupError(
    'rolled-back',
    `${known.file} is of ${size} events, what can be restored has ${have}: the newest ${size - have} would be lost. Look for a newer backup, or for the ledger's folder (--tail); else say with --acknowledge-rollback why they are given up`,
  );
}

/** The tail's ledger must continue the backup, and contain each known state as far as it reaches. */
async function verifyTail(
  folder: string,
  verifier: NoteVerifier,
  backedUp: Checkpoint,
  known: readonly Checkpoint[],
): Promise<Checkpoint> {
  const sealed = await checkpointIn(folder, verifier);
  if (!sealed) throw new BackupError('no-backup', `${folder} is no ledger: it has no checkpoint`);
  const reader = filesystemLogReader(folder);
  const contained = [backedUp, ...known.filter(({ size }) => size <= sealed.size)];
  for (const each of contained) {
    await verifyLog(reader, [verifier], { kept: each }).catch((cause: unknown) => {
      if (!(cause instanceof TlogError)) throw cause;
      throw new BackupError(
        'history-differs',
        `the ledger in ${folder} does not continue what is known: ${cause.message}`,
        { cause },
      );
    });
  }
  return sealed;
}
