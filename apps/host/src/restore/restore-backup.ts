import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { MIGRATIONS } from '#platform/database/migrations';
import { filesystemLogReader } from '#ledger/published';
import { openCheckpoint, TlogError, verifyLog, type Checkpoint, type NoteVerifier } from '#tlog';
import { BackupError } from '../backup/errors.js';
import { stateFolder, type BackupManifest } from '../backup/manifest.js';
import { decodeSecrets } from '../backup/site-secrets.js';
import { verifyBackup, type VerifiedBackup } from '../backup/verify-backup.js';
import type { HostConfig } from '../config.js';
import type { Home } from '../home.js';
import { decryptWith } from './identity-file.js';
import { refuseUsedDatabase } from './restore-database.js';
import { ledgerFolders } from './restore-ledger.js';
import { endRestoring, readMarker, refuseUsedHome, resumeOrBegin } from './restore-marker.js';
import { restore, type Restoration, type Restored } from './restore.js';

export interface Asked {
  /** The backup's folder. */
  readonly from: string;
  readonly identity: string;
  readonly verifier: NoteVerifier;
  readonly kept: Checkpoint | undefined;
  /** Why a later state is given up, when it is. */
  readonly why: string | undefined;
  readonly tail: string | undefined;
  /** Absent: the home's. */
  readonly keptDir: string | undefined;
}

type InHome = <Result>(
  config: HostConfig,
  use: (home: Home, ownerUrl: () => Promise<string>) => Promise<Result>,
) => Promise<Result>;

/**
 * Looks at everything first (the backup, the identity, the kept checkpoint, that home and database are empty), then restores. Until it has
 * come to its end a marker stands in the home, with which nothing else starts, and the same command goes on.
 * @throws BackupError
 */
export async function restoreBackup(asked: Asked, config: HostConfig, inHome: InHome): Promise<Restored> {
  const backup = await verifyBackup(asked.from, asked.verifier, asked.kept);
  const { id } = backup.manifest;
  refuseOfLaterRelease(backup.manifest);
  const encrypted = await readFile(path.join(asked.from, stateFolder(id), 'secrets.age'));
  const secrets = decodeSecrets(await decryptWith(asked.identity, encrypted));
  const lost = await givenUp(asked, backup);
  return inHome(config, async (home, ownerUrl) => {
    const begun = await readMarker(home);
    if (begun === undefined) {
      await refuseUsedHome(home);
      if (config.databaseUrl !== undefined) await refuseUsedDatabase(config.databaseUrl);
    }
    const restoring = await resumeOrBegin(home, id);
    const restoration: Restoration = { id: restoring.id, backup, secrets, tail: asked.tail, lost };
    const place = {
      home,
      ...ledgerFolders(home, config),
      blobs: config.blobs,
      keptDir: asked.keptDir ?? home.kept(),
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

/**
 * The kept checkpoint, when neither the backup nor the tail reaches it and that is acknowledged.
 * @throws BackupError `rolled-back` when it is not
 */
async function givenUp(
  { kept, why, tail, verifier }: Asked,
  backup: VerifiedBackup,
): Promise<Restoration['lost']> {
  let have = BigInt(backup.manifest.events);
  if (tail !== undefined) {
    const sealed = await verifyTail(tail, verifier, backup.checkpoint, kept);
    if (sealed.size > have) have = sealed.size;
  }
  if (kept === undefined || kept.size <= have) return undefined;
  if (why !== undefined && why.trim() !== '') return { checkpoint: kept, why };
  throw new BackupError(
    'rolled-back',
    `the kept checkpoint is of ${kept.size} events, what can be restored has ${have}: the newest ${kept.size - have} would be lost. Look for a newer backup, or for the ledger's folder (--tail); else say with --acknowledge-rollback why they are given up`,
  );
}

/** The tail's ledger must continue the backup, and contain the kept checkpoint as far as it reaches. */
async function verifyTail(
  folder: string,
  verifier: NoteVerifier,
  backedUp: Checkpoint,
  kept: Checkpoint | undefined,
): Promise<Checkpoint> {
  const reader = filesystemLogReader(folder);
  const note = await reader.read('checkpoint');
  if (!note) throw new BackupError('no-backup', `${folder} is no ledger: it has no checkpoint`);
  const sealed = openCheckpoint(note, [verifier]);
  const contained = [backedUp, ...(kept && kept.size <= sealed.size ? [kept] : [])];
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
