import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { parseRelease } from '../input/assignment.js';
import { withReason } from '../input/reason.js';
import { Invocation } from '../invocation.js';
import { submitItems, type SubmitOptions } from './submit-items.js';

export function addDeleteOverride(program: Command, cli: Cli): void {
  const remove = program
    .command('delete-override')
    .description('ask that a channel of a snap track upstream again: submits a change request')
    .argument('<snap>', "the snap's name")
    .argument('<channel>', 'such as stable')
    .option('--ring <ring>', 'the ring whose devices it is for', 'default');
  withReason(remove).action(async (snap: string, channel: string, _options: unknown, command: Command) => {
    await submitItems(new Invocation<SubmitOptions>(cli, command), [parseRelease(snap, channel)]);
  });
}
