import type { StreamWriter } from '#platform/decide-and-append';
import type { ApprovalPolicy } from './domain/approval-policy/approval-policy.js';
import { changeRequest, changeRequestStream } from './domain/change-request/change-request.js';
import type { ResolvedChange } from './domain/change-request/events.js';
import { changesIn } from './domain/change-request/plan.js';
import { foundIn, settingIt, type Found, type SoakFacts } from './domain/change-request/soak.js';
import type { Written } from './domain/change-request/has-written.js';
import type { ChangeRequest } from './domain/change-request/state.js';
import { releasePolicyStream } from './domain/release-policy/release-policy.js';
import { servedSince } from './domain/release-policy/served-since.js';

/**
 * How the ring stands at this moment that a policy asks for soak in, of the streams; undefined where it asks for none.
 * @param waiting who wrote the request that waits; undefined where there is none yet, which has no changes either
 */
export async function soakFacts(
  writer: StreamWriter,
  { soak: rule }: Pick<ApprovalPolicy, 'soak'>,
  changes: readonly ResolvedChange[],
  waiting: Written | undefined,
): Promise<SoakFacts | undefined> {
  if (rule === undefined) return undefined;
  const { state: source } = await writer.loadTimed(servedSince, releasePolicyStream(rule.ring));
  const found = new Map<string, Found>();
  if (waiting === undefined) return { source, found };
  const linked = await writer.linkedAccounts();
  for (const id of settingIt(source, changes)) {
    const { state } = await writer.load(changeRequest, changeRequestStream(id));
    const said = foundIn(state, rule.ring, waiting, { linked });
    if (said !== undefined) found.set(id, said);
  }
  return { source, found };
}

/** A request's changes in one of its rings; none before it is captured. */
export function capturedIn(request: ChangeRequest, ring: string): readonly ResolvedChange[] {
  return 'changes' in request ? changesIn(request, ring) : [];
}
