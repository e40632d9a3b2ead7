import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { uuidv7 } from '#kernel';
import { writeDurably } from '#ledger/published';
import { BackupError } from '../backup/errors.js';
import type { Home } from '../home.js';

/** In a home from before its first file until all is restored: nothing starts on the half of a site. */
const MARKER = 'restoring.json';

export interface Restoring {
  /** The backup's id. */
  readonly backup: string;
  /** Of this restoration; stays when it is begun again. */
  readonly id: string;
  /** Once it is begun, the later state's checkpoint may be replaced: what is to be recorded of it is here. */
  readonly lost?: GivenUp | undefined;
}

/** A later state than what is restored. */
export interface GivenUp {
  readonly size: string;
  /** Base64. */
  readonly root: string;
  readonly why: string;
}

/** @throws BackupError `restore-unfinished` when a restore of this home was begun and has not come to its end */
export async function refuseWhileRestoring(home: Home): Promise<void> {
  const begun = await readMarker(home);
  if (begun === undefined) return;
  throw new BackupError(
    'restore-unfinished',
    `${home.folder} is half restored, from backup ${begun.backup}: run "holdfast restore" again, it goes on where it was`,
  );
}

/** What was begun here; undefined for a home in which nothing was. */
export async function readMarker(home: Home): Promise<Restoring | undefined> {
  try {
    const { backup, id, lost } = JSON.parse(
      await readFile(path.join(home.folder, MARKER), 'utf8'),
    ) as Restoring;
    return { backup, id, lost };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @throws BackupError `restore-unfinished` when another backup was begun with */
export async function resumeOrBegin(
  home: Home,
  backup: string,
  lost: GivenUp | undefined,
): Promise<Restoring> {
  const begun = await readMarker(home);
  if (begun && begun.backup !== backup)
    throw new BackupError(
      'restore-unfinished',
      `${home.folder} is half restored, from backup ${begun.backup} and not from ${backup}: go on with that one, or empty the home and the database`,
    );
  const restoring = { backup, id: begun?.id ?? uuidv7(), lost };
  await writeDurably(new Map([[path.join(home.folder, MARKER), `${JSON.stringify(restoring)}\n`]]));
  return restoring;
}

export async function endRestoring(home: Home): Promise<void> {
  await rm(path.join(home.folder, MARKER));
}

/** @throws BackupError `not-empty` when there is any file in the home */
export async function refuseUsedHome(home: Home): Promise<void> {
  const found = await readdir(home.folder, { recursive: true, withFileTypes: true });
  const file = found.find((entry) => !entry.isDirectory());
  if (file === undefined) return;
  throw new BackupError(
    'not-empty',
    `${home.folder} is not empty (${path.join(file.parentPath, file.name)}): a site is restored into an empty home. Move what is there away`,
  );
}
