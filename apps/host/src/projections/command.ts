import type { Command } from 'commander';
import { loadConfig } from '#platform/config';
import { ReadModelError } from '#platform/read-models/errors';
import { withDatabase } from '../compare-ledger/with-database.js';
import { HostConfig } from '../config.js';
import { Home } from '../home.js';
import { readSecret } from '../secret-files.js';
import { openStoreInUse } from '../store-in-use.js';
import { askForRebuild } from './ask-for-rebuild.js';
import { verifyReadModels, type Verdict } from './verify-read-models.js';

/** `projections rebuild` and `projections verify`. */
export function addProjections(
  program: Command,
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): void {
  const projections = program
    .command('projections')
    .description('make the read models anew from the events, or check that they follow from them');
  projections
    .command('rebuild')
    .description(
      'have the projector make read models anew beside those in use, and switch to them; the site goes on meanwhile',
    )
    .argument('[names...]', 'which ones; all without any')
    .action(async (names: string[]) => {
      await withDatabase(loadConfig(HostConfig, env), (url) => askForRebuild(url, names, print));
    });
  projections
    .command('verify')
    .description(
      'replay the events into scratch tables, and compare them with the rows in use; writes nothing',
    )
    .argument('[names...]', 'which ones; all without any')
    .action(async (names: string[]) => {
      const config = loadConfig(HostConfig, env);
      const policyVkey = await policyKeyOf(new Home(config.home));
      const verdicts = await withDatabase(config, async (ownerUrl) => {
        const { store } = await openStoreInUse(ownerUrl, config.eventStoreUrl);
        try {
          return await verifyReadModels({ ownerUrl, store, policyVkey }, names);
        } finally {
          await store.close();
        }
      });
      for (const verdict of verdicts) print(lineOf(verdict));
      refuseDifferences(verdicts);
    });
}

async function policyKeyOf(home: Home): Promise<string> {
  const file = home.secret('policy.vkey');
  const vkey = await readSecret(file);
  if (vkey === undefined)
    throw new Error(`${file} is missing: it says under which key policy documents must be signed`);
  return vkey;
}

function lineOf({ name, version, position, tables }: Verdict): string {
  const rows = tables.map(({ table, digest, differences, shown }) => {
    if (differences > 0) return `${table} differs in ${differences} rows`;
    return shown ? `${table} sha256:${digest}` : `${table} is not what readers are shown`;
  });
  return `${name} version ${version} at position ${position}: ${rows.join(', ')}`;
}

/** @throws ReadModelError `read-models-differ`, naming the first row */
function refuseDifferences(verdicts: readonly Verdict[]): void {
  const different = verdicts.flatMap(({ tables }) => tables.filter(({ differences }) => differences > 0));
  const [first] = different;
  if (!first?.first) return refuseOtherViews(verdicts);
  const { key, kind } = first.first;
  const total = different.reduce((sum, { differences }) => sum + differences, 0);
  throw new ReadModelError(
    'read-models-differ',
    `${first.table} is not what follows from the events: the row ${key} ${WHAT[kind]}${total > 1 ? ` (and ${total - 1} more rows)` : ''}. ` +
      'Find out who changed it; then "holdfast projections rebuild" makes it anew',
  );
}

/** @throws ReadModelError `read-models-differ` */
function refuseOtherViews(verdicts: readonly Verdict[]): void {
  const hidden = verdicts.flatMap(({ tables }) => tables.filter(({ shown }) => !shown));
  if (hidden.length === 0) return;
  throw new ReadModelError(
    'read-models-differ',
    `the rows of ${hidden.map(({ table }) => table).join(', ')} follow from the events, but the view in schema "read" does not show them as they are: somebody replaced it. ` +
      'Find out who changed it; then "holdfast projections rebuild" makes it anew',
  );
}

const WHAT = {
  altered: 'was altered',
  missing: 'is missing',
  extra: 'is there, and should not be',
} as const;
