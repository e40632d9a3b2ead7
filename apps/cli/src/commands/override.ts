import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import { parseAssignment } from '../input/assignment.js';
import { expiryOf, withExpiry, type ExpiryOptions } from '../input/hold-expiry.js';
import { withPassword, type PasswordOptions } from '../input/password.js';
import { requireReason } from '../input/reason.js';
import { templateRef } from '../input/template-ref.js';
import { CliError } from '../cli-error.js';
import { draftAndUse } from './template/use.js';
import { Invocation } from '../invocation.js';
import { submitOverrides, withSubmission, type OverrideOptions } from './submit-overrides.js';

interface TemplateOptions extends OverrideOptions, ExpiryOptions, PasswordOptions {
  readonly template?: string;
}

/** @throws CliError `usage` for what no standard change says, and for a token, which signs nothing */
function usableWithTemplate(invocation: Invocation<TemplateOptions>): TemplateOptions {
  const { options } = invocation;
  if (options.dryRun)
    throw new CliError('usage', 'leave --dry-run or --template out: a standard change is signed');
  if (options.supersedes !== undefined)
    throw new CliError('usage', 'a standard change takes no other request’s place: leave --supersedes out');
  if (invocation.hasToken)
    throw new CliError('usage', 'a token never signs: a standard change is a person’s to ask for');
  return options;
}

export function addOverride(program: Command, cli: Cli): void {
  const override = program
    .command('override')
    .description('ask for a revision of a snap in one or more channels: submits one change request')
    .argument('<snap>', "the snap's name")
    .argument('<channel=revision...>', 'such as stable=12 or latest/edge=14');
  const asked = withExpiry(withSubmission(override)).option(
    '--template <name[@version]>',
    'as a standard change, under a template of the ring, in the version that is in force unless you name one: shows its limits, then asks for your password',
  );
  withPassword(asked).action(
    async (snap: string, assignments: string[], _options: unknown, command: Command) => {
      const invocation = new Invocation<TemplateOptions>(cli, command);
      const expiry = expiryOf(invocation.options);
      const items = assignments
        .map((text) => parseAssignment(snap, text))
        .map((item) => (expiry ? { ...item, expiry } : item));
      const { template } = invocation.options;
      if (template === undefined) return submitOverrides(invocation, items);
      await draftAndUse(invocation, items, templateRef(template), {
        ...invocation.options,
        ...requireReason(usableWithTemplate(invocation)),
      });
    },
  );
}
