import type { Command } from 'commander';
import type { OverrideItem } from '../api/types.js';
import { CliError } from '../cli-error.js';
import { addReason, requireReason, type ReasonOptions } from '../input/reason.js';
import { withRequestOptions, type RequestOptions } from '../input/request-options.js';
import type { Invocation } from '../invocation.js';
import { previewItems } from './preview-items.js';
import { submitForToken } from './submit-for-token.js';
import { submitItems } from './submit-items.js';

export interface OverrideOptions extends Partial<ReasonOptions>, RequestOptions {
  readonly ring: string;
  readonly dryRun?: true;
}

/** The options of a command that asks for overrides. A reason is asked for by {@link submitOverrides}: a token has its own, a dry run needs none. */
export function withSubmission(command: Command): Command {
  return addReason(
    withRequestOptions(command)
      .option('--ring <ring>', 'the ring whose devices it is for', 'default')
      .option('--dry-run', 'show what it would change, old and new, and write nothing'),
  );
}

/** Shows what the items would change, submits them with a token, or submits them with a person's reason. */
export async function submitOverrides(
  invocation: Invocation<OverrideOptions>,
  items: readonly OverrideItem[],
): Promise<void> {
  const { options } = invocation;
  if (options.dryRun) return previewItems(invocation, await invocation.connect(), items);
  if (!invocation.hasToken) {
    return submitItems(invocation, items, { ...options, ...requireReason(options) });
  }
  if (options.reason !== undefined) {
    throw new CliError('usage', 'a token says why by its standing reason: leave --reason out');
  }
  const { notBefore, notAfter, supersedes, externalTicket, draft } = options;
  if ([notBefore, notAfter, supersedes, externalTicket, draft].some((each) => each !== undefined))
    throw new CliError(
      'usage',
      'a token asks for now: leave --not-before, --not-after, --supersedes, --external-ticket and --draft out',
    );
  if (items.some(({ expiry }) => expiry))
    throw new CliError('usage', 'a token asks for a hold without an end: leave --until and --at-expiry out');
  return submitForToken(invocation, await invocation.connect(), items);
}
