import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { isRefusal } from '../../api/problem.js';
import type { ApprovalPolicy } from '../../api/approval-types.js';
import type { ChangeOutcome, ChangeView, OverrideItem } from '../../api/types.js';
import { CliError } from '../../cli-error.js';
import type { Cli } from '../../cli.js';
import { parseAssignment } from '../../input/assignment.js';
import { readComponents, withBothWhenAsked } from '../../input/password.js';
import { reasonOf, type ReasonOptions } from '../../input/reason.js';
import { requireNamedDigest, withSigning, type SigningOptions } from '../../input/signing.js';
import { Invocation } from '../../invocation.js';
import { shown } from '../../output/table.js';
import { textToSign } from '../../output/version-differences.js';
import { emergencyText } from '../../policy/approval-rules.js';
import type { Connection } from '../../session/connection.js';
import { shownDigest } from '../change/sign-decision.js';
import { signInBrowser } from '../change/sign-in-browser.js';

interface ReleaseOptions extends SigningOptions {
  readonly ring: string;
}

/** One command at night: it drafts, waits until what is named is there and verified, shows it, and asks for one signature. */
export function addRelease(emergency: Command, cli: Cli): void {
  const release = emergency
    .command('release')
    .description(
      'have a revision take effect at once, as one who is on call: shows what changes, then asks for your password. Or release what somebody has asked for already',
    )
    .argument('<snap|id>', "the snap's name; or a change request that is captured, such as CR-2026-0042")
    .argument('[channel=revision...]', 'such as stable=11')
    .option('--ring <ring>', 'the ring whose devices it is for', 'default');
  withSigning(release).action(
    async (word: string, assignments: string[], _options: unknown, command: Command) => {
      const invocation = new Invocation<ReleaseOptions>(cli, command);
      const connection = await invocation.connect();
      const id = isRequest(word)
        ? requestAlone(word, assignments)
        : await drafted(invocation, connection, word, assignments);
      await signRelease(invocation, connection, id, invocation.options);
    },
  );
}

function isRequest(word: string): boolean {
  return word.startsWith('CR-');
}

/** @throws CliError `usage` */
function requestAlone(id: string, assignments: readonly string[]): string {
  if (assignments.length === 0) return id;
  throw new CliError('usage', `${id} says itself what it changes: leave "${assignments.join(' ')}" out`);
}

/** @throws CliError `usage` */
async function drafted(
  invocation: Invocation<ReleaseOptions>,
  connection: Connection,
  snap: string,
  assignments: readonly string[],
): Promise<string> {
  if (assignments.length === 0)
    throw new CliError('usage', `say which revision of ${snap} is to be had where, such as stable=11`);
  const items = assignments.map((text) => parseAssignment(snap, text));
  return draftEmergency(invocation, connection, items, invocation.options);
}

/**
 * Asks for what is to be released.
 * @returns its number
 * @throws ProblemError where whoever asks could not release it: nothing is drafted then
 */
export async function draftEmergency(
  invocation: Invocation,
  { control }: Connection,
  items: readonly OverrideItem[],
  options: ReasonOptions & { readonly ring: string; readonly ifPolicy?: string },
): Promise<string> {
  const { ring, ifPolicy } = options;
  const draft = await control.draftChange({
    ring,
    items,
    reason: reasonOf(options),
    submit: true,
    emergency: true,
    ...(ifPolicy === undefined ? {} : { ifPolicy }),
  });
  invocation.say(`${draft.id}: waiting until what it names is fetched and verified ...`);
  return draft.id;
}

const POLL_MS = 250;
const REMIND_MS = 15_000;
const MOST_MS = 10 * 60_000;

/**
 * Read models follow what was drafted, and the worker answers it: both are waited for, and whoever waits is told so.
 * @throws CliError `not-captured` after ten minutes
 */
async function untilCaptured(
  invocation: Invocation,
  connection: Connection,
  id: string,
): Promise<ChangeView> {
  const began = Date.now();
  for (let reminded = began; ;) {
    const view = await seen(connection, id);
    if (view && view.status !== 'submitted') return view;
    const now = Date.now();
    if (now - began > MOST_MS)
      throw new CliError(
        'not-captured',
        `nothing came of ${id} within ten minutes: "holdfast status" says whether the worker is up. To go on later: holdfast emergency release ${id}`,
      );
    if (now - reminded > REMIND_MS) {
      invocation.say(`${id}: still waiting for the worker, and for upstream ...`);
      reminded = now;
    }
    await pause(POLL_MS);
  }
}

/** Undefined for what is not projected yet. */
async function seen({ control }: Connection, id: string): Promise<ChangeView | undefined> {
  return control.change(id).catch((error: unknown) => {
    if (isRefusal(error, 'no-such-change-request')) return undefined;
    throw error;
  });
}

const IN_FORCE_WITHIN_MS = 60_000;

/** How it stands once the worker has answered the release; still `released` when it did not within a minute. */
async function untilInForce(connection: Connection, id: string): Promise<string> {
  const began = Date.now();
  for (;;) {
    const view = await seen(connection, id);
    if (view && view.status !== 'released' && view.status !== 'captured' && view.status !== 'in-review')
      return view.status;
    if (Date.now() - began > IN_FORCE_WITHIN_MS) return 'released';
    await pause(POLL_MS);
  }
}

/**
 * Shows what is captured and what releasing it means, asks for the password, and signs; or says where a browser does, with a security key or single sign-on.
 * @throws CliError `not-captured`, `record-digest-differs`
 */
export async function signRelease(
  invocation: Invocation,
  connection: Connection,
  id: string,
  options: SigningOptions,
): Promise<void> {
  const view = await untilCaptured(invocation, connection, id);
  for (const { code, message } of view.failures ?? []) invocation.say(shown(`refused: ${code}: ${message}`));
  const digest = shownDigest(view);
  requireNamedDigest(options, id, digest);
  const policy = await connection.control.approvalPolicy(view.ring);
  const { record } = view;
  if (record) invocation.say(() => textToSign(record, digest, whatItMeans(id, policy)));
  const outcome = await signed(invocation, connection, { id, digest }, options);
  invocation.result(outcome, () => `${outcome.id} ${outcome.status}\n`);
  const status = await untilInForce(connection, id);
  if (status === 'stale')
    throw new CliError(
      'release-without-effect',
      `${id} was released, and did NOT take effect: the ring was changed meanwhile, or its time was over. See "holdfast change show ${id}", and release anew`,
    );
  invocation.say(
    status === 'released'
      ? `It is NOT in force yet: the worker has not answered within a minute. "holdfast status" says whether it is up; it is put in force once it is.`
      : `It is in force. In the morning, two others: holdfast emergency ratify ${id}`,
  );
}

async function signed(
  invocation: Invocation,
  connection: Connection,
  { id, digest }: { readonly id: string; readonly digest: string },
  options: SigningOptions,
): Promise<Pick<ChangeOutcome, 'id' | 'status'>> {
  const { control } = connection;
  const reason = reasonOf(options);
  if (options.securityKey || options.browser) {
    const shown = { id, digest, verb: 'release', meaning: 'released', reason } as const;
    await signInBrowser(invocation, control, shown, () => control.change(id));
    return { id, status: 'released' };
  }
  const question = `Password, to release ${id} with your signature: `;
  const typed = await readComponents(invocation.cli, options, question);
  const outcome = await withBothWhenAsked(typed, (components) =>
    control.releaseEmergency(id, { recordDigest: digest, ...components, reason }),
  );
  await connection.remember(outcome.cursor);
  return outcome;
}

function whatItMeans(id: string, { ring, version, rules: { emergency } }: ApprovalPolicy): string {
  const within = emergency
    ? `Version ${version} of its approval policy pre-authorises it: ${emergencyText(emergency)}.`
    : `Version ${version} of its approval policy pre-authorises none: your signature will be refused.`;
  return [
    `You RELEASE this to ring ${ring}, now, alone. ${within}`,
    'It is no approval: two others must ratify it within that time, or the ring is halted.',
    'Devices get it with their next refresh, within six hours as snapd is set by default; what a snap wrote there meanwhile stays.',
    `Nothing is released yet. To go on later: holdfast emergency release ${id}`,
  ].join('\n');
}
