import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { Device, Offer } from '#apps/demo/src/device';
import { loadTrustRoots, type TrustRoots } from '#snap';

/** What a sandbox store's devices trust. */
export async function trustRootsOf(store: { readonly trustRootsDir: string }): Promise<TrustRoots> {
  const files = await readdir(store.trustRootsDir);
  return loadTrustRoots(
    await Promise.all(files.map((file) => readFile(join(store.trustRootsDir, file), 'utf8'))),
  );
}

/** The offer of this revision of lab-hello in stable, as soon as the device gets it: what was decided reaches the proxy by itself. */
export function offered(device: Device, revision: number): Promise<Offer> {
  const ask = async (): Promise<Offer | undefined> => {
    const offer = await device.ask('lab-hello', { channel: 'stable' }).catch(() => undefined);
    return offer?.revision === revision ? offer : undefined;
  };
  return vi.waitUntil(ask, { timeout: 60_000, interval: 50 });
}
