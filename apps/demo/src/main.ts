#!/usr/bin/env node
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { up } from '#apps/host/src/up';
import { Narrator } from './narrator.js';
import { play } from './story.js';

/** A home of the demo's own, made anew each time; its ledger stays for whoever wants to check it. */
const HOME = resolve('.holdfast', 'demo');

const keep = process.argv.includes('--keep');
const log: string[] = [];

/** Ends with 0 when the story went as it should, else with 1; leaves nothing running, unless it was told to. */
async function main(): Promise<number> {
  await rm(HOME, { recursive: true, force: true });
  await mkdir(HOME, { recursive: true });
  process.stdout.write(
    'Holdfast: starting PostgreSQL, control, worker, projector, proxy and a small upstream store …\n',
  );
  // No environment is handed on: a DATABASE_URL of the user's is never touched.
  const site = await up({
    home: HOME,
    env: { PATH: process.env['PATH'] },
    ports: { control: 0, proxy: 0, sandbox: 0 },
    sandbox: true,
    log: (line) => log.push(line),
  });
  const interrupted = new Promise<'interrupted'>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop('interrupted'));
  });
  try {
    const { control, proxy, sandbox } = site.urls;
    if (sandbox === undefined) throw new Error('the sandbox store did not say where it listens');
    const stage = { home: HOME, control, proxy, sandbox, superuserUrl: site.ownerUrl };
    const played = play(stage, new Narrator((text) => process.stdout.write(text)));
    if ((await Promise.race([played, interrupted])) === 'interrupted') return 1;
    process.stdout.write(`\nThe ledger stays in ${join(HOME, 'ledger')}.\n`);
    if (keep) {
      process.stdout.write(
        `Kept running: REST ${control}, proxy ${proxy}, upstream ${sandbox}. Ctrl-C ends it.\n`,
      );
      await interrupted;
    }
    return 0;
  } finally {
    await site.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(
    `${log.slice(-40).join('\n')}\n\n${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}
