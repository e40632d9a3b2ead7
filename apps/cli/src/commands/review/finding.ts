import { Option, type Command } from 'commander';
import type { ReviewBodies } from '../../api/review-types.js';
import type { Cli } from '../../cli.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { givenTime } from '../../input/since.js';
import { Invocation } from '../../invocation.js';
import { IntegrityError } from '../../verify/integrity-error.js';
import type { KeyOptions } from '../../verify/trusted-key.js';
import { verifyFolder } from '../verify.js';
import { recordId } from '../../input/record-id.js';

interface FindingOptions extends ReasonOptions {
  readonly kind: 'note' | 'deviation';
  readonly position?: string;
  readonly due?: string;
}

/** `holdfast review finding PR-0001 "text"` */
export function addFinding(review: Command, cli: Cli): void {
  const finding = review
    .command('finding')
    .description('say what you found; it is signed with the rest, and voids signatures that were made before')
    .argument('<id>', 'such as TR-0042', recordId)
    .argument('<text>', 'in your own words')
    .addOption(
      new Option('--kind <kind>', 'a deviation has its record elsewhere: name it with --ticket')
        .choices(['note', 'deviation'])
        .default('note'),
    )
    .option('--position <position>', 'of the event that it is about')
    .option('--due <time>', 'when a deviation is to be closed, with its offset; without: after 30 days');
  withReason(finding).action(async (id: string, text: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<FindingOptions>(cli, command);
    const { kind, position, ticket, due } = invocation.options;
    const body = {
      kind,
      text,
      ...(position !== undefined && { position }),
      ...(ticket !== undefined && { ticket }),
      ...(due !== undefined && { due: givenTime(due) }),
      reason: reasonOf(invocation.options),
    };
    await record(invocation, id, body);
  });
}

/** `holdfast review verify PR-0001 LEDGER`: verifies a ledger, and records what came of it, whatever that is. */
export function addVerifyHistory(review: Command, cli: Cli): void {
  const verify = review
    .command('verify')
    .description(
      'verify a ledger as "holdfast verify" does, and record the result in the review, whatever it is; a periodic review has one',
    )
    .argument('<id>', 'such as PR-0001', recordId)
    .argument('[folder]', "the ledger's files (default: those of HOLDFAST_HOME)")
    .addOption(new Option('--vkey <vkey>', 'the public key that must have sealed it').conflicts('vkeyFile'))
    .option('--vkey-file <file>', 'the same, from a file (default: that of HOLDFAST_HOME)');
  withReason(verify).action(
    async (id: string, folder: string | undefined, _options: unknown, command: Command) => {
      const invocation = new Invocation<ReasonOptions & KeyOptions>(cli, command);
      const reason = reasonOf(invocation.options);
      try {
        const { size, root, origin } = await verifyFolder(cli, folder, invocation.options);
        const text = `holdfast verify: the history of ${origin} holds`;
        const found = { passed: true, entries: size, root: Buffer.from(root, 'base64').toString('hex') };
        await record(invocation, id, { kind: 'verifier-result', text, ...found, reason });
      } catch (error) {
        if (error instanceof IntegrityError) {
          const text = `holdfast verify: ${error.message}`.slice(0, 2_000);
          await record(invocation, id, { kind: 'verifier-result', text, passed: false, reason });
        }
        throw error;
      }
    },
  );
}

async function record(invocation: Invocation, id: string, body: ReviewBodies['finding']): Promise<void> {
  const connection = await invocation.connect();
  const done = await connection.control.reviews.find(id, body);
  await connection.remember(done.cursor);
  invocation.result(done, () => `${id}: ${body.kind} is on record\n`);
}
