import type { Command } from 'commander';
import type { Reason } from '#kernel';
import type { Leaving } from '../api/types.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { shown } from '../output/table.js';

interface LeavesOptions extends ReasonOptions {
  readonly to?: string;
  readonly yes?: true;
}

/**
 * What is to be done when somebody leaves, in an order in which it may be interrupted: access ends first. Each step that was done already is passed over, so that
 * it is said again until nothing is left.
 */
export function addLeaves(people: Command, cli: Cli): void {
  const leaves = people
    .command('leaves')
    .description('show what there is of a person who leaves; with --yes end their access and hand it over')
    .argument('<login>')
    .option('--to <login>', 'who goes on with their drafts')
    .option('--yes', 'do it; may be said again, should it be interrupted');
  withReason(leaves).action(async (login: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<LeavesOptions>(cli, command);
    const { to, yes } = invocation.options;
    const { control } = await invocation.connect();
    const before = await control.person.leaving(login);
    if (!yes) {
      invocation.result(before, () => leavingText(login, before));
      invocation.say(
        `nothing was done: say it again with --yes${before.drafts.length > 0 ? ' --to LOGIN' : ''}`,
      );
      return;
    }
    if (before.drafts.length > 0 && to === undefined)
      throw new CliError(
        'usage',
        `nothing was done: say with --to who goes on with ${before.drafts.map(({ id }) => id).join(', ')}`,
      );
    await end(invocation, login, before, reasonOf(invocation.options), to);
    const { control: again } = await invocation.connect();
    const after = await again.person.leaving(login);
    invocation.result(after, () => leavingText(login, after));
  });
}

async function end(
  invocation: Invocation<LeavesOptions>,
  login: string,
  { status, tokens, drafts }: Leaving,
  reason: Reason,
  to: string | undefined,
): Promise<void> {
  const connection = await invocation.connect();
  const { control } = connection;
  if (status !== 'disabled') {
    const { cursor } = await control.disablePerson(login, reason);
    await connection.remember(cursor);
    invocation.say(`${login} is disabled`);
  }
  for (const { id, name } of tokens) {
    const { cursor } = await control.revokeToken(id, reason);
    await connection.remember(cursor);
    invocation.say(shown(`token ${name} is revoked`));
  }
  if (to === undefined) return;
  for (const { id } of drafts) {
    const { cursor } = await control.person.handOver(id, { to, reason });
    await connection.remember(cursor);
    invocation.say(`${id} is ${to}'s`);
  }
}

/** Whoever takes it on accepts its risk: a signer of the ring says it, and no admin for them. */
function handOverOf({ name, channel, ring }: Leaving['holds'][number]): string {
  return `  a signer of ${ring} hands it over: holdfast holds terms ${name} --ring ${ring} --channel ${channel} --owner LOGIN --risk "…" --reason "…"`;
}

function leavingText(
  login: string,
  { name, status, roles, drafts, open, tokens, holds, onCall, policies, emergencies }: Leaving,
): string {
  const request = ({ id, ring, status: at }: Leaving['open'][number]) => `${id} (${ring}, ${at})`;
  const list = (what: string, items: readonly string[]) => `${what}: ${items.join(', ') || 'none'}`;
  return [
    `${name} (${login}) is ${status}; roles: ${roles.join(', ') || 'none'}`,
    list(
      'tokens',
      tokens.map((token) => `${token.name} (${token.rings.join(', ')})`),
    ),
    list('drafts', drafts.map(request)),
    list(
      'holds that they answer for',
      holds.map((hold) => `${hold.name} ${hold.channel} (${hold.ring})`),
    ),
    ...holds.map(handOverOf),
    list('on call for emergencies in', onCall),
    list('submitted, for others to decide on', open.map(request)),
    ...policies.map(
      ({ ring, kinds, missing }) =>
        `nobody else can meet the approval policy of ${ring} for ${kinds.join(', ')}: it lacks ${missing.join('; ')}`,
    ),
    ...emergencies.map(
      ({ ring, missing }) => `no emergency of ${ring} works without them: it lacks ${missing.join('; ')}`,
    ),
  ]
    .map((line) => `${shown(line)}\n`)
    .join('');
}
