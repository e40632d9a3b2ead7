import type { Command } from 'commander';
import type { PolicyInForce } from '../api/types.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { submitOrDraft } from './drafted-to-sign.js';
import { table } from '../output/table.js';

type Held = PolicyInForce['overrides'][number];

interface PromoteOptions extends ReasonOptions {
  readonly dryRun?: true;
}

/** One ring is given exactly what another one has, which had it before. */
export function addPromote(program: Command, cli: Cli): void {
  const promote = program
    .command('promote')
    .description(
      'ask that a ring holds exactly what an earlier ring holds now: submits one change request of all differences',
    )
    .argument('<from>', 'the ring that has it')
    .argument('<to>', 'the ring that is to have it, which releases reach later')
    .option('--dry-run', 'show the differences, and submit nothing');
  withReason(promote).action(async (from: string, to: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<PromoteOptions>(cli, command);
    const { dryRun = false } = invocation.options;
    const connection = await invocation.connect();
    const { control } = connection;
    const { rings } = await control.rings();
    requireOrder(rings, from, to);
    const [source, target] = [await control.policy(from), await control.policy(to)];
    const found = differences(target.overrides, source.overrides);
    if (found.length === 0) {
      invocation.result({ id: null, differences: found }, () => `ring ${to} holds what ${from} holds\n`);
      return;
    }
    if (dryRun) {
      invocation.result({ id: null, differences: found }, () => differencesText(found));
      return;
    }
    const asked = {
      ring: to,
      items: [{ kind: 'promotion' as const, from, ifPolicy: source.digest }],
      ifPolicy: target.digest,
      reason: reasonOf(invocation.options),
    };
    const draft = await submitOrDraft(invocation, (submit) => control.draftChange({ ...asked, submit }));
    await connection.remember(draft.cursor);
    const { id, status } = draft;
    invocation.result({ id, status, differences: found }, () => `${id} ${status}\n${differencesText(found)}`);
  });
}

function requireOrder(rings: readonly string[], from: string, to: string): void {
  const missing = [from, to].find((ring) => !rings.includes(ring));
  if (missing !== undefined)
    throw new CliError('usage', `there is no ring ${missing}: there are ${rings.join(', ')}`);
  if (rings.indexOf(from) >= rings.indexOf(to))
    throw new CliError('usage', `${from} does not come before ${to}: the order is ${rings.join(', ')}`);
}

interface Difference {
  readonly what: string;
  readonly old: string;
  readonly new: string;
}

/** As the server compares: a revision that was captured again, with another declaration perhaps, is another choice. */
function differences(inForce: readonly Held[], wanted: readonly Held[]): readonly Difference[] {
  const [was, will] = [byPlace(inForce), byPlace(wanted)];
  return [...new Set([...was.keys(), ...will.keys()])].sort().flatMap((what) => {
    const [old, now] = [was.get(what), will.get(what)];
    if (old?.manifest === now?.manifest && old?.revision === now?.revision) return [];
    const again = old?.revision === now?.revision ? ' (captured again)' : '';
    return [{ what, old: textOf(old), new: `${textOf(now)}${again}` }];
  });
}

function byPlace(held: readonly Held[]): ReadonlyMap<string, Held> {
  return new Map(held.map((each) => [`${each.snap} ${each.channel} ${each.architecture}`, each]));
}

function textOf(held: Held | undefined): string {
  return held === undefined ? 'upstream' : String(held.revision);
}

function differencesText(found: readonly Difference[]): string {
  return table(found, [
    { header: 'What', cell: (row) => row.what },
    { header: 'Old', cell: (row) => row.old },
    { header: 'New', cell: (row) => row.new },
  ]);
}
