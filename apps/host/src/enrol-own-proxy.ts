import { systemClock } from '#kernel';
import { node, nodeStream } from '#fleet/domain/node/node';
import { NodeFolder } from '#fleet/node/node-folder';
import { forNode } from '#fleet/service-context';
import type { StreamWriter } from '#platform/decide-and-append';
import type { SiteIdentity } from '#site/domain/site';

/**
 * Sees to it that the proxy of this home is a node: its key is made here, and its enrolment recorded. A home that came back from a backup has
 * no key, and its proxy is another node.
 */
export async function enrolOwnProxy(
  folder: NodeFolder,
  writer: StreamWriter,
  { origin, policyKey }: Pick<SiteIdentity, 'origin' | 'policyKey'>,
): Promise<void> {
  if ((await folder.identity()) !== undefined) return;
  const { publicKey } = await folder.key();
  // By the key: after a crash between the two the same name is found again.
  const name = `local-${Buffer.from(publicKey, 'base64').toString('hex', 0, 4)}`;
  await writer.decideAndAppend(node, nodeStream(name), {
    type: 'EnrolNode',
    name,
    publicKey,
    tokenDigest: null,
    context: forNode('host', name, systemClock, {
      code: 'first-start',
      text: 'The proxy of this home was started for the first time.',
    }),
  });
  await folder.enrolled({ node: name, origin, policyKey });
}
