import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { parseRelease } from '../input/assignment.js';
import { Invocation } from '../invocation.js';
import { submitOverrides, withSubmission, type OverrideOptions } from './submit-overrides.js';

export function addDeleteOverride(program: Command, cli: Cli): void {
  const remove = program
    .command('delete-override')
    .description('ask that a channel of a snap track upstream again: submits a change request')
    .argument('<snap>', "the snap's name")
    .argument('<channel>', 'such as stable');
  withSubmission(remove).action(
    async (snap: string, channel: string, _options: unknown, command: Command) => {
      await submitOverrides(new Invocation<OverrideOptions>(cli, command), [parseRelease(snap, channel)]);
    },
  );
}
