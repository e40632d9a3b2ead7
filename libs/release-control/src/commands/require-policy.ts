import type { StreamWriter } from '#platform/decide-and-append';
import { ReleaseControlError } from '../domain/errors.js';
import { contentDigest, contentOf } from '../domain/release-policy/content.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';

/**
 * What was thought of for a policy is not asked for another one. Approving and applying look at each value again.
 * @param digest of the policy that was looked at; undefined for who does not care
 * @throws ReleaseControlError `expected-value-differs`
 */
export async function requirePolicy(
  writer: StreamWriter,
  ring: string,
  digest: string | undefined,
): Promise<void> {
  if (digest === undefined) return;
  const { state } = await writer.load(releasePolicy, releasePolicyStream(ring));
  const found = contentDigest(contentOf(state, 'snap'));
  if (found === digest) return;
  throw new ReleaseControlError(
    'expected-value-differs',
    `the policy of ring ${ring} is not the one that was looked at (${digest}) any more: it is ${found}. Look at the difference again`,
  );
}
