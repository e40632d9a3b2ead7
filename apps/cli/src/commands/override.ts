import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { parseAssignment } from '../input/assignment.js';
import { expiryOf, withExpiry, type ExpiryOptions } from '../input/hold-expiry.js';
import { Invocation } from '../invocation.js';
import { submitOverrides, withSubmission, type OverrideOptions } from './submit-overrides.js';

export function addOverride(program: Command, cli: Cli): void {
  const override = program
    .command('override')
    .description('ask for a revision of a snap in one or more channels: submits one change request')
    .argument('<snap>', "the snap's name")
    .argument('<channel=revision...>', 'such as stable=12 or latest/edge=14');
  withExpiry(withSubmission(override)).action(
    async (snap: string, assignments: string[], _options: unknown, command: Command) => {
      const invocation = new Invocation<OverrideOptions & ExpiryOptions>(cli, command);
      const expiry = expiryOf(invocation.options);
      const items = assignments
        .map((text) => parseAssignment(snap, text))
        .map((item) => (expiry ? { ...item, expiry } : item));
      await submitOverrides(invocation, items);
    },
  );
}
