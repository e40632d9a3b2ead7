import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { loadConfig } from '#platform/config';
import { prepareDatabase } from '#platform/database/prepare-database';
import { withClient } from '#platform/database/with-client';
import { noteVerifier, openCheckpoint, type Checkpoint, type NoteVerifier } from '#tlog';
import { BackupError } from '../backup/errors.js';
import { ownVerifier } from '../backup/verify-backup.js';
import { HostConfig } from '../config.js';
import { requireNoServers } from '../events-copy/require-no-servers.js';
import { checkpointIn } from '../history/checkpoint-in.js';
import type { Home } from '../home.js';
import { keyFiles, openKey, type KeyFiles } from '../key-files.js';
import { ledgerFolders } from '../ledger-folders.js';
import { readSecret } from '../secret-files.js';
import { openStoreInUse } from '../store-in-use.js';
import { withOwnHome } from '../with-own-home.js';
import { lackingBlobs } from './lacking-blobs.js';
import { restoreBackup } from './restore-backup.js';
import { refuseWhileRestoring } from './restore-marker.js';
import { lostSecrets } from './lost-secrets.js';
import { replayTail } from './tail.js';

type Print = (line: string) => void;

interface Options {
  readonly from?: string;
  readonly identity?: string;
  readonly tail?: string | true;
  readonly vkey?: string;
  readonly checkpoint?: string;
  readonly acknowledgeRollback?: string;
  readonly moved?: true;
}

/** `restore --from …` on an empty machine, and `restore --tail` for a database that lacks the newest events. */
export function addRestore(program: Command, env: NodeJS.ProcessEnv, print: Print): void {
  const command = program
    .command('restore')
    .description(
      'bring a site back: from a backup into an empty home and database, or the newest events from the ledger',
    )
    .option('--from <folder>', "the backup's folder")
    .option('--identity <file>', 'the age identity file of one of its recipients')
    .option(
      '--tail [folder]',
      "bring back the events that the database lacks, from a ledger's folder (default: the home's own); with --from, after the backup's",
    )
    .option('--vkey <vkey>', "the site's public key, if you know it (default: the one that the backup has)")
    .option(
      '--checkpoint <file>',
      'a sealed state from elsewhere, such as the second place or a witness: what is restored must contain it',
    )
    .option(
      '--acknowledge-rollback <why>',
      'restore although that state is later, and lose what it had beyond: the reason is recorded',
    )
    .option(
      '--moved',
      'put ledger and blobs where the settings are now, although the backup says that they were elsewhere',
    )
    .action(async (options: Options) => {
      const { from, identity, tail } = options;
      if (from === undefined && tail === undefined)
        return command.error("error: '--from <folder>' or '--tail' must be given");
      const config = loadConfig(HostConfig, env);
      if (env['EVENTSTORE_URL'])
        throw new BackupError(
          'not-supported',
          'a history is restored into PostgreSQL: unset EVENTSTORE_URL, and move it on with "holdfast events copy"',
        );
      if (from === undefined)
        return withOwnHome(config, (home, url) =>
          tailOnly(
            { home, keys: keyFiles(home, env), keptDir: config.keptDir ?? home.kept() },
            url,
            config,
            options,
            print,
          ),
        );
      if (identity === undefined)
        return command.error("error: required option '--identity <file>' not specified");
      const verifier = options.vkey === undefined ? await ownVerifier(from) : noteVerifier(options.vkey);
      const file = options.checkpoint;
      const known = file === undefined ? [] : [{ file, checkpoint: await readCheckpoint(file, verifier) }];
      const asked = {
        from,
        identity,
        verifier,
        known,
        why: options.acknowledgeRollback,
        tail: tail === true ? undefined : tail,
        moved: options.moved === true,
        env,
      };
      await mkdir(path.resolve(config.home), { recursive: true, mode: 0o755 });
      const restored = await restoreBackup(asked, config);
      print(
        `${verifier.name} is restored into ${path.resolve(config.home)}: ${restored.events} events, ${restored.sealed} of them sealed`,
      );
      print(
        '"holdfast up" starts it; read models and policies are made again then. settings.env in the home has what was set',
      );
      tellMissing(restored.withoutPassword, print);
      tellLost(restored.lostSecrets, print);
      refuseMissing(restored.missingBlobs, print);
    });
}

async function tailOnly(
  { home, keys, keptDir }: { readonly home: Home; readonly keys: KeyFiles; readonly keptDir: string },
  url: () => Promise<string>,
  config: HostConfig,
  { tail, checkpoint }: Options,
  print: Print,
): Promise<void> {
  await refuseWhileRestoring(home);
  const vkey = await readSecret(home.secret('ledger.vkey'));
  if (vkey === undefined)
    throw new BackupError('no-backup', `${home.folder} is no site's home: it has no ledger.vkey`);
  const verifier = noteVerifier(vkey);
  const folders = ledgerFolders(home, config);
  const second = await checkpointIn(folders.ledgerSecondDir, verifier);
  const kept = checkpoint === undefined ? [] : [await readCheckpoint(checkpoint, verifier)];
  const ownerUrl = await url();
  // What they append meanwhile would take the positions of what is brought back.
  await withClient(ownerUrl, requireNoServers);
  const siteKey = await openKey(keys.site, false);
  await prepareDatabase(ownerUrl, siteKey);
  // Events that are here although the history has moved on to the other store are no history to add to.
  await (await openStoreInUse(ownerUrl, undefined)).store.close();
  const folder = typeof tail === 'string' ? tail : folders.ledgerDir;
  const { before, after, withoutPassword, manifests } = await replayTail(
    folder,
    verifier,
    ownerUrl,
    second ? [...kept, second] : kept,
  );
  print(
    before === after
      ? `the database has all ${after} events that were sealed: nothing was to be done`
      : `the database has ${after} events, ${after - before} of them brought back from the ledger`,
  );
  tellMissing(withoutPassword, print);
  tellLost(await lostSecrets(ownerUrl, siteKey), print);
  refuseMissing(await lackingBlobs(manifests, { blobs: config.blobs, keptDir }), print);
}

function tellMissing(people: readonly string[], print: Print): void {
  if (people.length === 0) return;
  print(
    `these people set their password or second component after the backup, and have to be reset ("holdfast people reset"): ${people.join(', ')}`,
  );
}

function tellLost(secrets: readonly string[], print: Print): void {
  if (secrets.length === 0) return;
  print(
    `the values of these secret settings were set after the backup, and are lost: ${secrets.join(', ')}. The next start says how to set them again`,
  );
}

/** The history is whole; what it approved is not. */
function refuseMissing(blobs: readonly string[], print: Print): void {
  if (blobs.length === 0) return;
  for (const digest of blobs) print(`missing: blob ${digest}`);
  throw new BackupError(
    'blob-missing',
    `${blobs.length} blobs that the history names are not among the kept ones, so what was approved with them cannot be served; all else is restored. Bring them back from an older copy of the kept blobs, or capture them again with a change request`,
  );
}

async function readCheckpoint(file: string, verifier: NoteVerifier): Promise<Checkpoint> {
  return openCheckpoint(await readFile(file, 'utf8'), [verifier]);
}
