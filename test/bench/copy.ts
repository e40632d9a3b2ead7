import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { adapters, closeAdapters } from '#apps/control/src/adapters';
import { createControl } from '#apps/control/src/control';
import { auditTrailProjections } from '#audit-trail/projections';
import { systemClock } from '#kernel';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { enrolFirstAdmin } from '#identity/commissioning';
import { USUAL_CREDENTIAL_RULES } from '#identity/credentials/credential-rules';
import { createLogger } from '#platform/logging/logger';
import { BenchDatabase } from './bench-database.js';
import { rounded, type Bench, type Measured } from './bench.js';
import { fill } from './lists.js';

/** Of a million events and some more. */
const REQUESTS = 102_000;
const ALL = Infinity;
/** How many events of the newest each form is tried with, and how few before: a paper of them all has a hundred thousand pages. */
const TRIED = { jsonl: [100_000, ALL], csv: [100_000, ALL], pdf: [1_000, 10_000] } as const;
const PASSWORD = 'correct horse battery staple';
const CLI = path.resolve(import.meta.dirname, '../../apps/cli/src/main.js');

export const copyBench: Bench = {
  name: 'copy',
  about: `holdfast audit export of a million events, in each form.`,
  marks: [
    { figure: 'missing', atMost: 0 },
    { figure: 'rss_growth_mb', atMost: 64 },
  ],
  run,
};

async function run(say: (line: string) => void): Promise<Measured> {
  const database = await BenchDatabase.start();
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-copies-'));
  const projector = new pg.Client({ connectionString: database.url('projector') });
  const settings = { databaseUrl: database.url('control'), zone: 'Europe/Zurich', ...USUAL_CREDENTIAL_RULES };
  const made = adapters(settings, database.key, new PostgresEventStore(settings.databaseUrl));
  const site = { origin: 'site.example', evaluationDatabase: true, eventStore: 'postgresql' } as const;
  const app = await createControl(
    made,
    { ...site, relyingParty: undefined },
    createLogger('control', 'silent'),
  );
  try {
    const first = await enrolFirstAdmin(made.streams, made.credentials, systemClock);
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const post = async (to: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${url}${to}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return answer.status === 204 ? {} : ((await answer.json()) as Record<string, unknown>);
    };
    await post('/v1/passwords', { login: 'admin', secret: first?.secret, password: PASSWORD });
    const { token } = await post('/v1/sessions', { login: 'admin', password: PASSWORD });
    await projector.connect();
    const events = await fill(projector, say, REQUESTS, auditTrailProjections());
    if (events < 1_000_000) throw new Error(`there are ${events} events only`);
    const env = { ...process.env, HOLDFAST_URL: url, HOLDFAST_TOKEN: String(token) };
    const rows: (readonly (string | number)[])[] = [];
    let [missing, growth] = [0, 0];
    for (const [form, [few, many]] of Object.entries(TRIED)) {
      const copied = (count: number) => {
        const out = ['--as', form, '--out', path.join(folder, `${count}.${form}`)];
        return measured(
          ['audit', 'export', ...out, ...(count < events ? ['--after', String(events - 1 - count)] : [])],
          env,
        );
      };
      const asked = Math.min(many, events);
      const [part, whole] = [await copied(few), await copied(asked)];
      missing += few - part.events + asked - whole.events;
      growth = Math.max(growth, whole.peakMb - part.peakMb);
      const { size } = await stat(path.join(folder, `${asked}.${form}`));
      rows.push([form, asked, rounded(whole.seconds), rounded(size / 1e6), part.peakMb, whole.peakMb]);
      say(`${form}: ${rounded(whole.seconds)} s`);
    }
    const table = [['form', 'events', 'seconds', 'MB', 'peak MB of fewer', 'peak MB'], ...rows];
    return { table, figures: { missing, rss_growth_mb: rounded(growth) } };
  } finally {
    await app.close();
    await closeAdapters(made);
    await projector.end();
    await database.stop();
    await rm(folder, { recursive: true });
  }
}

/** Runs the command line. Its highest resident memory is what Linux says of the process last. */
async function measured(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly seconds: number; readonly peakMb: number; readonly events: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, [CLI, ...words, '--format', 'json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  let peakMb = 0;
  while (child.exitCode === null) {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peakMb = Math.max(peakMb, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
    await Promise.race([ended, delay(20)]);
  }
  await ended;
  const seconds = (performance.now() - began) / 1000;
  const { events } = JSON.parse(out) as { readonly events: string };
  return { seconds, peakMb: rounded(peakMb), events: Number(events) };
}
