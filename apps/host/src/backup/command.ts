import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '#platform/config';
import { NO_TIME_OUT, withClient } from '#platform/database/with-client';
import { noteVerifier } from '#tlog';
import { withDatabase } from '../compare-ledger/with-database.js';
import { HostConfig } from '../config.js';
import { HomeLock } from '../home-lock.js';
import { Home } from '../home.js';
import { keyFiles } from '../key-files.js';
import { ledgerFolders } from '../ledger-folders.js';
import { backUp, type BackupReport } from './backup.js';
import { BackupError } from './errors.js';
import { encrypterFor } from './recipients.js';
import { refuseWhileRestoring } from '../restore/restore-marker.js';
import { openKept } from '../scrub/open-kept.js';
import { openStoreInUse } from '../store-in-use.js';
import { SiteDatabase } from './site-database.js';
import { ownVerifier, verifyBackup } from './verify-backup.js';

type Print = (line: string) => void;

interface Options {
  readonly to?: string;
  readonly recipient: readonly string[];
}

/** `backup --to …` and `backup verify …`. */
export function addBackup(program: Command, env: NodeJS.ProcessEnv, print: Print): void {
  const backup = program
    .command('backup')
    .description('copy the site, while it runs, to a folder: history, kept blobs, and its secrets encrypted')
    .option('--to <folder>', 'the folder; one with an earlier backup of this site gets only what is new')
    .option(
      '--recipient <age1…>',
      'who may decrypt the secrets, as "age-keygen" prints it; may be given several times',
      (recipient: string, given: readonly string[]) => [...given, recipient],
      [] as readonly string[],
    )
    .action(async ({ to, recipient }: Options) => {
      if (to === undefined) return backup.error("error: required option '--to <folder>' not specified");
      // Before anything is made or asked.
      encrypterFor(recipient);
      const report = await takeBackup(env, to, recipient);
      tell(report, to, print);
    });
  backup
    .command('verify')
    .description(
      'check a backup without its secrets: signature, every file, every event, every blob that they name',
    )
    .argument('<folder>', "the backup's folder")
    .option('--vkey <vkey>', "the site's public key (default: the one that the backup has)")
    .action(async (folder: string, { vkey }: { readonly vkey?: string }) => {
      const verifier = vkey === undefined ? await ownVerifier(folder) : noteVerifier(vkey);
      const { manifest, checkpoint, files } = await verifyBackup(folder, verifier);
      print(`backup ${manifest.id} of ${manifest.origin}, ${manifest.at}: whole`);
      print(`${manifest.events} events, ${checkpoint.size} of them sealed; ${files.size} files`);
      print(
        `signed by ${verifier.vkey}${vkey === undefined ? ', which the backup itself says: compare it with the key that you know' : ''}`,
      );
      refuseMissing(manifest.missingBlobs);
    });
}

async function takeBackup(
  env: NodeJS.ProcessEnv,
  to: string,
  recipients: readonly string[],
): Promise<BackupReport> {
  const config = loadConfig(HostConfig, env);
  const home = new Home(config.home);
  await refuseWhileRestoring(home);
  const folder = path.resolve(to);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = await HomeLock.take(folder);
  const kept = await openKept(config.blobs, config.keptDir ?? home.kept());
  try {
    return await withDatabase(config, async (ownerUrl) => {
      const { store } = await openStoreInUse(ownerUrl, config.eventStoreUrl);
      const { ledgerDir } = ledgerFolders(home, config);
      const { trustRootsDir } = config;
      const site = {
        home,
        keys: keyFiles(home, env),
        ledgerDir,
        store,
        kept: kept.blobs,
        trustRootsDir,
        env,
      };
      try {
        return await withClient(
          ownerUrl,
          (client) => backUp({ ...site, database: new SiteDatabase(client) }, folder, recipients),
          NO_TIME_OUT,
        );
      } finally {
        await store.close();
      }
    });
  } finally {
    kept.close();
    await lock.release();
  }
}

function tell(
  { id, origin, events, sealed, blobs, copied, missing }: BackupReport,
  to: string,
  print: Print,
): void {
  print(`backup ${id} of ${origin} is in ${to}`);
  print(`${events} events, ${sealed} of them sealed; ${blobs} blobs, ${copied} of them copied now`);
  refuseMissing(missing);
}

/** The backup is whole as a backup; the site is not. */
function refuseMissing(missing: readonly string[]): void {
  const [first] = missing;
  if (first === undefined) return;
  throw new BackupError(
    'blob-missing',
    `${missing.length} blobs that the history names were lost or damaged in the site before this backup, ${first} first: all else is in it. Capture them again, or bring them back from an older copy`,
  );
}
