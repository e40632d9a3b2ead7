import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { parseAssignment } from '../input/assignment.js';
import { Invocation } from '../invocation.js';
import { submitOverrides, withSubmission, type OverrideOptions } from './submit-overrides.js';

export function addOverride(program: Command, cli: Cli): void {
  const override = program
    .command('override')
    .description('ask for a revision of a snap in one or more channels: submits one change request')
    .argument('<snap>', "the snap's name")
    .argument('<channel=revision...>', 'such as stable=12 or latest/edge=14');
  withSubmission(override).action(
    async (snap: string, assignments: string[], _options: unknown, command: Command) => {
      const items = assignments.map((text) => parseAssignment(snap, text));
      await submitOverrides(new Invocation<OverrideOptions>(cli, command), items);
    },
  );
}
