import { Option, type Command } from 'commander';
import { MOST_ITEMS } from '#kernel';
import { itemsOf, planBaseline, type BaselinePlan, type Preference } from '../baseline/plan.js';
import type { InstalledRevisions } from '../api/types.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { parseRevision } from '../input/revision.js';
import { addReason, reasonOf, requireReason, type ReasonOptions } from '../input/reason.js';
import { sinceTime } from '../input/since.js';
import { Invocation } from '../invocation.js';
import { submitOrDraft } from './drafted-to-sign.js';
import { baselineText, undecidedText } from '../output/baseline.js';

interface Options extends Partial<ReasonOptions> {
  readonly ring: string;
  readonly since?: string;
  readonly prefer?: Preference;
  readonly leaveOut?: readonly string[];
  readonly unidentified?: true;
  readonly dryRun?: true;
}

export function addBaseline(program: Command, cli: Cli): void {
  const baseline = program
    .command('baseline')
    .description(
      'ask that devices are held at what they have, bases and snapd included: submits one change request of all that they last said',
    )
    .argument('[snap=revision...]', 'where devices differ, which revision: core22=1380')
    .option('--ring <ring>', 'the ring whose devices it is for', 'default')
    .option('--since <time>', 'count devices that were heard of since then: 7d, 12h, or RFC 3339')
    .addOption(
      new Option('--prefer <which>', 'where devices differ: what most of them have, or the newest').choices([
        'most',
        'newest',
      ]),
    )
    .option('--leave-out <snap...>', 'do not hold these, by name or id')
    .option('--unidentified', 'count also reports that no store vouches for')
    .option('--dry-run', 'show what it would ask for and what it leaves out, and write nothing');
  addReason(baseline).action(async (choices: string[], _options: unknown, command: Command) => {
    const invocation = new Invocation<Options>(cli, command);
    const { options, hasToken } = invocation;
    const { ring, dryRun } = options;
    if (hasToken && options.reason !== undefined)
      throw new CliError('usage', 'a token says why by its standing reason: leave --reason out');
    const reason = hasToken || dryRun ? undefined : reasonOf(requireReason(options));
    const wishes = {
      prefer: options.prefer,
      chosen: chosenIn(choices),
      leaveOut: new Set(options.leaveOut),
      unidentified: options.unidentified ?? false,
    };
    const since = options.since === undefined ? undefined : sinceTime(options.since, new Date());
    const connection = await invocation.connect();
    const { control } = connection;
    const { overrides, digest } = await control.policy(ring);
    const reported = await control.installedRevisions({ since, ring });
    if (reported.more)
      throw new CliError(
        'baseline-undecided',
        'devices report more revisions than one baseline takes: --since leaves out what was said long ago',
      );
    const plan = planBaseline(reported.revisions, overrides, wishes);
    const shown = { ...counted(reported), ...plan };
    if (dryRun) {
      invocation.result(shown, () => baselineText(reported, plan));
      if (invocation.options.format === 'table') invocation.say(`Nothing was written.${hindrance(plan)}`);
      return;
    }
    refuse(plan);
    if (plan.holds.length === 0) {
      invocation.result({ id: null, ...shown }, () => baselineText(reported, plan));
      invocation.say(`Ring ${ring} has nothing more to hold of what devices have.`);
      return;
    }
    const asked = { ring, items: itemsOf(plan.holds), ifPolicy: digest };
    const outcome = reason
      ? await submitOrDraft(invocation, (submit) => control.draftChange({ ...asked, reason, submit }))
      : await control.submitForToken(asked);
    await connection.remember(outcome.cursor);
    const { id, status } = outcome;
    invocation.result({ id, status, ...shown }, () => `${id} ${status}\n${baselineText(reported, plan)}`);
  });
}

function counted({ devices, unidentified, leftOut }: InstalledRevisions) {
  return { devices, unidentified, notRecorded: leftOut };
}

/** @throws CliError `usage` */
function chosenIn(choices: readonly string[]): ReadonlyMap<string, ReadonlySet<number>> {
  const chosen = new Map<string, Set<number>>();
  for (const { snap, revision } of choices.map(parseRevision))
    chosen.set(snap, (chosen.get(snap) ?? new Set()).add(revision));
  return chosen;
}

/** @throws CliError `baseline-undecided`: nothing is asked for as long as anything is open */
function refuse(plan: BaselinePlan): void {
  const why = hindrance(plan);
  if (why !== '') throw new CliError('baseline-undecided', `nothing was asked for.${why}`);
}

function hindrance({ undecided, unmet, holds }: BaselinePlan): string {
  if (unmet.length > 0) return ` No device that counts has ${unmet.join(' or ')}.`;
  if (undecided.length > 0)
    return ` Devices differ: say which by --prefer most, --prefer newest or SNAP=REVISION, or leave the snap out.\n${undecidedText(undecided)}`;
  if (holds.length > MOST_ITEMS)
    return ` ${holds.length} overrides are too many for one change request, which takes ${MOST_ITEMS}: leave some snaps out (--leave-out), and ask again once it is applied.`;
  return '';
}
