import { readFile } from 'node:fs/promises';
import type { ControlClient } from './control-client.js';
import type { NodeFolder, NodeIdentity } from './node-folder.js';

/**
 * Enrols with the token, once: the identity is kept in the folder then. Doing it again after a crash asks with the same key, which control takes.
 * @param tokenFile absent for the proxy of `holdfast up`, which its launcher enrols
 * @throws RefusedByControl; Error when there is no token, or control cannot be reached
 */
export async function enrol(
  folder: NodeFolder,
  control: ControlClient,
  tokenFile: string | undefined,
  signal: AbortSignal,
): Promise<NodeIdentity> {
  const known = await folder.identity();
  if (known) return known;
  if (tokenFile === undefined)
    throw new Error(
      'this proxy has not enrolled: invite it, and name the file of its token in HOLDFAST_NODE_TOKEN_FILE',
    );
  const token = (await readFile(tokenFile, 'utf8')).trim();
  const key = await folder.key();
  const signed = JSON.stringify(key.sign({ kind: 'enrolment', token, publicKey: key.publicKey }));
  const { node, origin, policyKey } = await control.send('/v1/node-enrolments', signed, signal);
  if (typeof node !== 'string' || typeof origin !== 'string' || typeof policyKey !== 'string')
    throw new Error('control did not say which node this is');
  const identity = { node, origin, policyKey };
  await folder.enrolled(identity);
  return identity;
}
