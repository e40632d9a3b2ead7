import { uuidv7, type CommandContext } from '#kernel';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { People } from '#identity/people';
import { RolesHeld } from '#identity/published';
import { StreamWriter } from '#platform/decide-and-append';
import { ApproveChange, ApproveChangeHandler } from '#release-control/commands/approve-change/command';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import type { ChangeRequestCommand } from '#release-control/domain/change-request/commands';
import { BenchDatabase } from './bench-database.js';
import { median, rounded, type Bench, type Measured } from './bench.js';

const REQUESTS = 41;
const EVENTS = 200;
const AT = '2026-11-22T12:48:14.123Z';
const REASON = { code: 'security-fix', text: 'closes the hole that was reported' };

export const approveBench: Bench = {
  name: 'approve',
  about: `An approver's signature on a request with ${EVENTS} events, ${REQUESTS} of them: loaded, folded, decided and appended, by a server that has none of it in memory.`,
  marks: [{ figure: 'median_ms', atMost: 10 }],
  run,
};

async function run(say: (line: string) => void): Promise<Measured> {
  const database = await BenchDatabase.start();
  const store = new PostgresEventStore(database.url('control'));
  try {
    const digests = await Promise.all(
      Array.from({ length: REQUESTS }, (_, i) => longRequest(store, idOf(i))),
    );
    say(`${REQUESTS} requests with ${EVENTS} events each`);
    const cold: number[] = [];
    for (const [i, recordDigest] of digests.entries()) cold.push(await signed(store, idOf(i), recordDigest));
    const sorted = cold.toSorted((a, b) => a - b);
    const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
    return {
      table: [
        ['', 'median ms', 'p95 ms'],
        [`approve a request of ${EVENTS} events`, rounded(median(cold)), rounded(p95)],
      ],
      figures: { median_ms: rounded(median(cold)), p95_ms: rounded(p95) },
    };
  } finally {
    await store.close();
    await database.stop();
  }
}

const idOf = (i: number) => `CR-2026-${String(i + 1).padStart(4, '0')}`;

/** A request that was handed in and refused over and over, until it was captured. @returns the digest of its record */
async function longRequest(store: PostgresEventStore, id: string): Promise<string> {
  const writer = new StreamWriter(store, 'Etc/UTC');
  const give = (command: ChangeRequestCommand) =>
    writer.decideAndAppend(changeRequest, changeRequestStream(id), command);
  const ana = by('Ana', 'author');
  const item = { format: 'snap', name: 'lab-hello', channel: 'latest/stable', version: '1' } as const;
  await give({ type: 'DraftChange', id, ring: 'default', items: [item], submit: true, context: ana });
  const failure = { item, code: 'unreachable', message: 'upstream cannot be reached' } as const;
  let submission = 1;
  for (let events = 2; events < EVENTS - 1; events += 2) {
    await give({ type: 'RefuseCapture', submission, failures: [failure], untried: 0, context: worker(id) });
    await give({ type: 'SubmitChange', context: ana });
    submission++;
  }
  const target = {
    format: 'snap',
    subject: 'id-of-lab-hello',
    channel: 'latest/stable',
    architecture: 'amd64',
  };
  const change = {
    target,
    name: 'lab-hello',
    old: null,
    new: { version: '1', manifest: 'a'.repeat(64) },
  };
  const context = worker(id);
  const { state } = await give({ type: 'ReportCapture', submission, changes: [change], context });
  if (state.status !== 'captured') throw new Error(`${id} is ${state.status}`);
  return state.recordDigest;
}

/** Milliseconds of one approval, with nothing folded beforehand. */
async function signed(store: PostgresEventStore, id: string, recordDigest: string): Promise<number> {
  const writer = new StreamWriter(store, 'Etc/UTC');
  const handler = new ApproveChangeHandler(writer, new RolesHeld(new People(writer)));
  const context = by('Ben', 'approver');
  const signature = {
    meaning: 'approved',
    signer: 'id-of-Ben',
    printedName: 'Ben',
    signedAt: AT,
    components: ['password'],
    credential: uuidv7(),
    recordDigest,
  } as const;
  const began = performance.now();
  const { status } = await handler.execute(new ApproveChange(id, signature, context));
  const took = performance.now() - began;
  if (status !== 'approved' && status !== 'scheduled') throw new Error(`${id} is ${status}`);
  return took;
}

function by(name: string, role: string): CommandContext {
  return {
    at: AT,
    actor: { kind: 'person', id: `id-of-${name}`, name, roles: [role], auth: 'password' },
    reason: REASON,
    cause: uuidv7(),
    correlation: uuidv7(),
    authorisedBy: [],
  };
}

function worker(id: string): CommandContext {
  return {
    ...by('nobody', 'author'),
    actor: { kind: 'service', id: 'worker', for: changeRequestStream(id) },
  };
}
