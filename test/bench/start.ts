import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { rounded, type Bench } from './bench.js';

const CLI = path.resolve(import.meta.dirname, '../../apps/cli/src/main.js');
/** Any free ones: whatever else runs on the machine is not in the way. */
const FREE_PORTS = [
  'HOLDFAST_CONTROL_PORT',
  'HOLDFAST_PROXY_PORT',
  'HOLDFAST_CONTROL_HEALTH_PORT',
  'HOLDFAST_WORKER_HEALTH_PORT',
  'HOLDFAST_PROJECTOR_HEALTH_PORT',
  'HOLDFAST_PROXY_HEALTH_PORT',
];

export const bench: Bench = {
  name: 'start',
  about: '`holdfast up` until control and proxy answer: from an empty folder, and the second time.',
  marks: [
    { figure: 'first_s', atMost: 15 },
    { figure: 'again_s', atMost: 5 },
  ],
  async run() {
    const home = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-home-'));
    try {
      const first = await secondsToStart(home);
      const again = await secondsToStart(home);
      return {
        table: [
          ['', 'seconds'],
          ['from an empty folder', first],
          ['the second time', again],
        ],
        figures: { first_s: first, again_s: again },
      };
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
};

async function secondsToStart(home: string): Promise<number> {
  const ports = Object.fromEntries(FREE_PORTS.map((name) => [name, '0']));
  const began = performance.now();
  const up = spawn(process.execPath, [CLI, 'up'], {
    env: { PATH: process.env['PATH'], HOLDFAST_HOME: home, ...ports },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(up, 'exit');
  try {
    await Promise.race([
      answering(home),
      ended.then(([code]) => Promise.reject(new Error(`holdfast up ended with ${String(code)}`))),
    ]);
    return rounded((performance.now() - began) / 1000);
  } finally {
    up.kill('SIGTERM');
    await ended;
  }
}

async function answering(home: string): Promise<void> {
  for (;;) {
    const urls = await runningUrls(home);
    // Any answer will do: control's is that one has to sign in.
    if (urls) return void (await Promise.all([fetch(`${urls.control}/v1/status`), fetch(urls.proxy)]));
    await delay(20);
  }
}

async function runningUrls(home: string): Promise<{ control: string; proxy: string } | undefined> {
  const text = await readFile(path.join(home, 'run.json'), 'utf8').catch(() => undefined);
  const { control, proxy } = JSON.parse(text ?? '{}') as { control?: string; proxy?: string };
  // As far as is known, while the site starts.
  return control === undefined || proxy === undefined ? undefined : { control, proxy };
}
