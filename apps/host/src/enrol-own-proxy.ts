import { systemClock } from '#kernel';
import { isKeyOver } from '#fleet/domain/node/keys';
import { node, nodeStream } from '#fleet/domain/node/node';
import { NodeFolder } from '#fleet/node/node-folder';
import { forNode } from '#fleet/service-context';
import type { StreamWriter } from '#platform/decide-and-append';
import type { SiteIdentity } from '#site/domain/site';

/**
 * Sees to it that the proxy of this home is a node: its key is made here, and its enrolment recorded. A home that came back from a backup has
 * no key, and its proxy is another node. A key that ended while the site did not run is replaced.
 */
export async function enrolOwnProxy(
  folder: NodeFolder,
  writer: StreamWriter,
  { origin, policyKey }: Pick<SiteIdentity, 'origin' | 'policyKey'>,
): Promise<void> {
  const identity = await folder.identity();
  if (identity !== undefined) return replaceEndedKey(folder, writer, identity.node);
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

/** After a crash between the event and the file, the key that was made then is the one that is recorded. */
async function replaceEndedKey(folder: NodeFolder, writer: StreamWriter, name: string): Promise<void> {
  const { state } = await writer.load(node, nodeStream(name));
  // One that was invited from elsewhere is asked for a token.
  if (state.status !== 'enrolled' || state.tokenDigest !== null) return;
  if (!isKeyOver(state, systemClock.now())) return;
  const { publicKey } = await folder.nextKey();
  await writer.decideAndAppend(node, nodeStream(name), {
    type: 'EnrolNode',
    name,
    publicKey,
    tokenDigest: null,
    context: forNode('host', name, systemClock, {
      code: 'key-renewal',
      text: 'The key of the proxy of this home had ended while the site did not run.',
    }),
  });
  await folder.useNextKey();
}
