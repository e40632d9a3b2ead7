import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import type { SnapRig } from './rig.js';
import { TestStore } from './test-store.js';

const OPERATOR = 'laboperatorlaboperatorlaboperat0';

/** An upstream whose assertions the rig's snapd trusts. */
export async function startTrustedStore(rig: SnapRig, folder: string): Promise<SandboxStore> {
  const { keysDir, rootsDir, storeAccountKey } = rig;
  const keys = path.join(folder, 'keys');
  await cp(keysDir, keys, { recursive: true });
  await cp(rootsDir, keys, { recursive: true });
  await writeFile(path.join(keys, 'store.account-key'), storeAccountKey);
  return startSandboxStore({ dir: folder, keysDir: keys });
}

/**
 * What an administrator gives to `snap ack`: the store's account-key, its operator's account, and the assertion that names its address.
 * @param revision of that assertion: a new address needs a higher one
 */
export async function storeChain(rig: SnapRig, url: string, revision = 0): Promise<string> {
  const signer = await TestStore.with(rig);
  const store = signer.sign('store', {
    store: 'lab-proxy',
    'operator-id': OPERATOR,
    url,
    ...(revision > 0 ? { revision: String(revision) } : {}),
  });
  const chain = [signer.storeAccountKey, signer.account(OPERATOR), store];
  return chain.map(({ bytes }) => bytes.toString()).join('\n');
}
