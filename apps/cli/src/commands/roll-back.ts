import type { Command } from 'commander';
import type { OverrideItem, RollBack } from '../api/types.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { addReason, requireReason, type ReasonOptions } from '../input/reason.js';
import { withProof, type ProofOptions } from '../input/signing.js';
import { Invocation } from '../invocation.js';
import { rollBackText } from '../output/roll-back.js';
import { draftEmergency, signRelease } from './emergency/release.js';
import { submitItems } from './submit-items.js';
import { recordId } from '../input/record-id.js';

interface RollBackOptions extends Partial<ReasonOptions>, ProofOptions {
  readonly ring?: string;
  readonly emergency?: true;
  readonly dryRun?: true;
}

/** Back to what a ring had before a change: shows first what that means for devices. */
export function addRollBack(program: Command, cli: Cli): void {
  const rollBack = program
    .command('roll-back')
    .description(
      'ask that a ring has again what it had before a change: shows old and new, epochs and who has it already, and submits one change request',
    )
    .argument('<id>', 'the change that is in force, such as CR-2026-0042; list-overrides names it', recordId)
    .option('--ring <ring>', 'of a release plan: which of its rings; by default the one that has it last')
    .option('--dry-run', 'only show it, and write nothing')
    .option('--emergency', 'release it at once, as one who is on call: it must be ratified');
  withProof(addReason(rollBack, 'not with --dry-run')).action(
    async (id: string, _options: unknown, command: Command) => {
      const invocation = new Invocation<RollBackOptions>(cli, command);
      const { options } = invocation;
      if (!options.emergency) refuseProof(options);
      const connection = await invocation.connect();
      const found = await connection.control.rollBack(id, options.ring);
      if (options.dryRun) {
        invocation.result(found, () => rollBackText(found));
        return;
      }
      // Messages, not data: what was asked for is the result.
      invocation.say(() => rollBackText(found));
      const asked = { ...options, ...requireReason(options), ring: found.ring, ifPolicy: found.policyDigest };
      const items = itemsOf(found);
      if (!options.emergency) return submitItems(invocation, items, asked);
      const draft = await draftEmergency(invocation, connection, items, asked);
      await signRelease(invocation, connection, draft, asked);
    },
  );
}

/** What is asked for like every other change is signed by others, later. @throws CliError `usage` */
function refuseProof({ securityKey, browser, passwordStdin, passwordFile }: ProofOptions): void {
  const given = [
    ['--security-key', securityKey],
    ['--browser', browser],
    ['--password-stdin', passwordStdin],
    ['--password-file', passwordFile],
  ].find(([, value]) => value !== undefined);
  if (!given) return;
  throw new CliError(
    'usage',
    `nothing was asked for: ${given[0]} signs what is released at once, with --emergency; without, this is a change request that others approve: leave ${given[0]} out`,
  );
}

/** @throws CliError `policy-moved` where the ring does not have any more what the change set: rolling back would undo what others decided since */
function itemsOf({ id, ring, targets }: RollBack): readonly OverrideItem[] {
  const moved = targets.filter(({ movedOn }) => movedOn);
  if (moved.length > 0) {
    const which = moved.map(
      ({ name, target, inForce }) =>
        `${name} ${target.channel} ${target.architecture} is ${inForce ?? 'upstream'}`,
    );
    throw new CliError(
      'policy-moved',
      `ring ${ring} was changed again since ${id}: ${which.join(', ')}. Roll the newest change back, or ask for an override`,
    );
  }
  return targets.map(({ name, target: { channel, architecture }, to }) => {
    return { snap: name, channel, architecture, revision: to === null ? null : Number(to) };
  });
}
