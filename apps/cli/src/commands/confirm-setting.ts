import type { Change } from '../api/types.js';
import { CliError } from '../cli-error.js';
import { readComponents, withBothWhenAsked, type PasswordOptions } from '../input/password.js';
import { reasonOf, requireReason, type ReasonOptions } from '../input/reason.js';
import type { Invocation } from '../invocation.js';

/** A setting by which people sign, as the second person who says so. @throws CliError `usage` unless it is one */
export async function confirmSetting(
  invocation: Invocation<Partial<ReasonOptions> & PasswordOptions>,
  [first, ...others]: readonly Change[],
): Promise<void> {
  if (!first || others.length > 0)
    throw new CliError('usage', '--confirm takes one KEY=VALUE, as it was asked for');
  const { key, value } = first;
  const reason = reasonOf(requireReason(invocation.options));
  const connection = await invocation.connect();
  const typed = await readComponents(invocation.cli, invocation.options);
  const { settings, cursor } = await withBothWhenAsked(typed, (components) =>
    connection.control.settings.confirm(key, value, { ...components, reason }),
  );
  await connection.remember(cursor);
  invocation.result(settings, () => `${key}: ${value ?? 'the default'}\n`);
  invocation.say(
    'what makes signing harder is in force at once; anything else from the next start of control',
  );
}
