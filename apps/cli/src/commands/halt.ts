import type { Command } from 'commander';
import { sentenceOf } from '#kernel';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { reasonOf, withReason, type ReasonOptions } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import type { Halted } from '../api/types.js';
import type { Connection } from '../session/connection.js';
import { submitItems, type SubmitOptions } from './submit-items.js';

interface HaltOptions extends ReasonOptions {
  readonly ring?: string;
}

/** The worst day: stop something at once, and the considered way back. */
export function addHalt(program: Command, cli: Cli): void {
  const halt = program
    .command('halt')
    .description(
      'give nothing out in a ring any more, or no revision of a snap: at once, without an approval. Devices keep what they have',
    )
    .argument('<ring|snap>', "the ring's name; else the snap's, or its snap-id")
    .option('--ring <ring>', 'halt the snap in this ring alone; without: in every ring');
  withReason(halt).action(async (name: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<HaltOptions>(cli, command);
    const { ring } = invocation.options;
    const connection = await invocation.connect();
    const { rings } = await connection.control.rings();
    const isRing = ring === undefined && rings.includes(name);
    await (isRing
      ? haltRing(name, invocation, connection)
      : haltSnap(snapOrId(name), ring === undefined ? rings : [ring], invocation, connection));
  });
}

async function haltRing(
  ring: string,
  invocation: Invocation<HaltOptions>,
  connection: Connection,
): Promise<void> {
  const halted = await connection.control.halt(ring, { reason: reasonOf(invocation.options) });
  await connection.remember(halted.cursor);
  invocation.result([halted], () => haltedText(halted));
}

/** Each ring is a decision of its own: what cannot be halted in one is halted in the others. */
async function haltSnap(
  snap: string,
  rings: readonly string[],
  invocation: Invocation<HaltOptions>,
  connection: Connection,
): Promise<void> {
  const reason = reasonOf(invocation.options);
  const done: Halted[] = [];
  const failed: unknown[] = [];
  for (const ring of rings) {
    try {
      done.push(await connection.control.halt(ring, { snap, reason }));
    } catch (error) {
      failed.push(error);
      invocation.say(`NOT HALTED in ring ${ring}: ${sentenceOf(error)}`);
    }
  }
  const last = done.at(-1);
  if (last) await connection.remember(last.cursor);
  if (done.length > 0) invocation.result(done, () => done.map(haltedText).join(''));
  warnOfUnknown(invocation, done);
  if (failed.length > 0) throw failed[0];
}

/** What was halted goes on once a change request says so. */
export function addResume(program: Command, cli: Cli): void {
  const resume = program
    .command('resume')
    .description('ask that a halted ring, or a halted snap in a ring, goes on: submits one change request')
    .argument('<ring|snap>', "the ring's name; else the snap's, or its snap-id")
    .option(
      '--ring <ring>',
      'the ring that the snap is halted in (without, and if no ring has the name: default)',
    );
  withReason(resume).action(async (name: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<HaltOptions>(cli, command);
    const { ring } = invocation.options;
    const { control } = await invocation.connect();
    const isRing = ring === undefined && (await control.rings()).rings.includes(name);
    const item = isRing
      ? ({ kind: 'resume-ring' } as const)
      : ({ kind: 'resume', snap: snapOrId(name) } as const);
    const options: SubmitOptions = { ...invocation.options, ring: isRing ? name : (ring ?? 'default') };
    await submitItems(invocation, [item], options);
  });
}

function haltedText({ ring, snaps }: Halted): string {
  if (snaps === null) return `ring ${ring} is halted\n`;
  return snaps.map(({ name, snapId }) => `${name} (${snapId}) is halted in ring ${ring}\n`).join('');
}

/** Beside what was done: an id that nobody here has met may be mistyped. */
function warnOfUnknown(invocation: Invocation, halted: readonly Halted[]): void {
  const unknown = new Set(
    halted.flatMap(({ snaps }) => (snaps ?? []).flatMap(({ known, snapId }) => (known ? [] : [snapId]))),
  );
  for (const snapId of unknown)
    invocation.say(`No device here was ever offered ${snapId}, and no policy names it: is the id right?`);
}

/** @throws CliError `usage` */
function snapOrId(word: string): string {
  if (!/^[A-Za-z0-9-]{1,40}$/.test(word))
    throw new CliError(
      'usage',
      `"${word}" is the name of no ring, and cannot be that of a snap, or a snap-id`,
    );
  return word;
}
