import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** npm runs scripts in the checkout. */
const PEERS = path.resolve('test/bench/peers');

/**
 * A module of the peers' package, which is installed at first use: Holdfast's own dependencies are not to mix with it.
 * @throws Error when npm cannot install it
 */
export async function importPeer(name: string): Promise<unknown> {
  if (!existsSync(path.join(PEERS, 'node_modules'))) await install();
  const { resolve } = createRequire(path.join(PEERS, 'package.json'));
  return import(pathToFileURL(resolve(name)).href);
}

async function install(): Promise<void> {
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: PEERS,
    // What npm prints is no part of our output.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(npm, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`npm ci in ${PEERS} ended with ${code}`);
}
