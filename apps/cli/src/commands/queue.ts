import type { Command } from 'commander';
import type { OverdueHold } from '../api/hold-types.js';
import type { ChangeOutcome, QueuedRequest } from '../api/types.js';
import type { Cli } from '../cli.js';
import { ask, askCode, askLogin } from '../input/password.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { reasonText } from '../output/reason.js';
import { table, type Column } from '../output/table.js';
import { waitText } from '../output/waits.js';
import type { Connection } from '../session/connection.js';
import { showToSign, signWith } from './change/sign-decision.js';
import { recordIds } from '../input/record-id.js';

/** What waits for one's own signature, and signing it. */
export function addQueue(program: Command, cli: Cli): void {
  const queue = program
    .command('queue')
    .description('what waits for your signature, the oldest first')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const { requests, more } = await control.signingQueue();
      invocation.result(requests, () => queueText(requests));
      const { kinds } = await control.reviews.due();
      for (const { id, asksYou } of kinds.flatMap(({ waiting }) => waiting))
        if (asksYou) invocation.say(`${id} waits to be reviewed: holdfast review sign ${id}`);
      const overdue = (await control.holds.overdue()).holds.filter(({ asksYou }) => asksYou);
      for (const { name, ring } of onceByName(overdue))
        invocation.say(
          `${name} in ${ring} waits to be evaluated: holdfast holds evaluate ${name} --ring ${ring}`,
        );
      if (more) invocation.say('There are more than are listed: decide on these first.');
    });
  addSign(queue, cli);
}

/** Several channels and architectures of a snap are evaluated together. */
function onceByName(overdue: readonly OverdueHold[]): readonly OverdueHold[] {
  return [...new Map(overdue.map((each) => [`${each.ring} ${each.name}`, each])).values()];
}

function addSign(queue: Command, cli: Cli): void {
  const sign = queue
    .command('sign')
    .description(
      'approve, or review, what waits for your signature, one after the other: shows each record and asks for your password each time; without one it is left for later',
    )
    .argument('[ids...]', 'these alone, such as CR-2026-0042', recordIds);
  withReason(sign).action(async (ids: string[], _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const { requests } = await connection.control.signingQueue();
    const waiting = requests.flatMap(({ id, kind }) =>
      kind === 'ratification' ? [] : [{ id, verb: VERBS[kind] }],
    );
    for (const { id, kind } of requests)
      if (kind === 'ratification')
        invocation.say(`${id} waits to be ratified: holdfast emergency ratify ${id}`);
    for (const id of ids)
      if (!waiting.some((each) => each.id === id)) invocation.say(`${id} does not wait for your signature.`);
    const signed: ChangeOutcome[] = [];
    const tell = () =>
      invocation.result(signed, () => signed.map(({ id, status }) => `${id} ${status}\n`).join(''));
    for (const { id, verb } of waiting.filter((each) => ids.length === 0 || ids.includes(each.id))) {
      const outcome = await signNext(invocation, connection, { id, verb }).catch((error: unknown) => {
        // What is signed is signed, whatever comes after it.
        tell();
        throw error;
      });
      if (outcome === null) invocation.say(`${id} is left for later.`);
      else signed.push(outcome);
    }
    tell();
    if (waiting.length === 0) invocation.say('Nothing waits for your signature.');
  });
}

const VERBS = { approval: 'approve', review: 'review' } as const;

/** Each signature is an act of its own (R22): its record is shown, and the password asked for, at a terminal. Null: no password was given. */
async function signNext(
  invocation: Invocation<ReasonOptions>,
  connection: Connection,
  { id, verb }: { readonly id: string; readonly verb: 'approve' | 'review' },
): Promise<ChangeOutcome | null> {
  const { cli, options } = invocation;
  const digest = await showToSign(invocation, connection, id);
  const prompt = `Password, to ${verb} ${id} with your signature (none: leave it for later): `;
  const password = await ask(cli, prompt, `one request at a time: holdfast change ${verb}`);
  if (password === '') return null;
  const typed = { password, code: () => askCode(cli), login: () => askLogin(cli) };
  return signWith(typed, connection, id, { verb, digest, reason: reasonOf(options) });
}

const WAITS: Column<QueuedRequest> = {
  header: 'Approved now, waits for',
  cell: ({ waits }) => waits && waitText(waits),
};

function queueText(requests: readonly QueuedRequest[]): string {
  if (requests.length === 0) return 'nothing waits for your signature\n';
  const list = table(requests, [
    { header: 'Id', cell: ({ id }) => id },
    { header: 'For', cell: ({ kind }) => kind },
    { header: 'Ring', cell: ({ ring }) => ring },
    { header: 'Author', cell: ({ author }) => author },
    { header: 'Submitted', cell: ({ submittedAt }) => submittedAt },
    { header: 'Changes', cell: ({ changes }) => changes },
    { header: 'Look twice', cell: ({ markCount }) => markCount },
    { header: 'Needs', cell: ({ missing }) => missing.join('; ') || 'any signature' },
    ...(requests.some(({ waits }) => waits) ? [WAITS] : []),
    { header: 'Why', cell: ({ reason }) => reasonText(reason) },
  ]);
  const marks = requests.flatMap(({ id, marks: all }) => all.map((mark) => ({ id, ...mark })));
  if (marks.length === 0) return list;
  const twice = table(marks, [
    { header: 'Look twice', cell: ({ id }) => id },
    { header: 'At', cell: ({ of }) => of },
    { header: 'Why', cell: ({ text }) => text },
  ]);
  return `${list}\n${twice}`;
}
