import type { Command } from 'commander';
import { sentenceOf } from '#kernel';
import type { Cli } from '../cli.js';
import { isRefusal, ProblemError } from '../api/problem.js';
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
  sayWhatFollows(invocation, ring);
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
  const unknownIn: { readonly ring: string; readonly error: unknown }[] = [];
  for (const ring of rings) {
    try {
      done.push(await connection.control.halt(ring, { snap, reason }));
    } catch (error) {
      failed.push(error);
      if (isRefusal(error, 'snap-not-known')) unknownIn.push({ ring, error });
      else invocation.say(notHalted(ring, error));
    }
  }
  // A word that is known in no ring may be a ring's name, mistyped.
  if (unknownIn.length === rings.length) throw await nothingHalted(snap, connection, failed[0]);
  for (const { ring, error } of unknownIn) invocation.say(notHalted(ring, error));
  const last = done.at(-1);
  if (last) await connection.remember(last.cursor);
  if (done.length > 0) invocation.result(done, () => done.map(haltedText).join(''));
  warnOfUnknown(invocation, done);
  if (done.length > 0) sayWhatFollows(invocation, `${snap} --ring ${rings.length === 1 ? rings[0] : 'RING'}`);
  if (failed.length > 0) throw failed[0];
}

const notHalted = (ring: string, error: unknown) => `NOT HALTED in ring ${ring}: ${sentenceOf(error)}`;

/** The server's refusal, with what else the word could have been meant to be. */
async function nothingHalted(word: string, { control }: Connection, refusal: unknown): Promise<unknown> {
  if (!(refusal instanceof ProblemError)) return refusal;
  const { rings } = await control.rings();
  const detail = `NOTHING IS HALTED. No ring is named ${word}: there are ${rings.join(', ')}. And ${refusal.message}`;
  return new ProblemError({ ...refusal.problem, detail });
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

/** For who does this for the first time, at night. */
function sayWhatFollows(invocation: Invocation, what: string): void {
  if (invocation.options.format === 'table')
    invocation.say(
      `Devices keep what they have, and are given nothing of it any more. To have it go on, which others approve: holdfast resume ${what} --reason "…"`,
    );
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
