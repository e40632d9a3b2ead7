import { once } from 'node:events';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { nextLine, nodeProcess, type NodeProcess } from '#test/support/node-process';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import type { LeaseError } from './errors.js';
import { requireLease } from './fence.js';
import { Lease } from './lease.js';
import { tcpTimer } from './testing/tcp-timer.js';

let database: TestDatabase;
let owner: pg.Pool;
beforeAll(async () => {
  database = await testDatabase();
  owner = new pg.Pool({ connectionString: database.ownerUrl });
});
afterAll(async () => owner.end());

const leases: Lease[] = [];
const children: NodeProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const lease of leases.splice(0)) await lease.release();
});

function lease(onLost: (error: LeaseError) => void = () => undefined): Lease {
  const made = new Lease(database.url('worker'), onLost);
  leases.push(made);
  return made;
}

async function waiting(): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    `select count(*)::integer from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and query like '%take_lease%'`,
  );
  return rows[0]?.count ?? 0;
}

async function someoneWaits(): Promise<void> {
  await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 20_000 });
}

/** As if the server had lost sight of it: its session ends, and it is not told for as long as it does not look. */
async function endSessions(): Promise<void> {
  await owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and usename = 'holdfast_worker'`,
  );
}

/** A process that prints the epoch in which it holds the lease, and holds it until it is killed. */
function holder(standstillMs: number): NodeProcess {
  const child = nodeProcess(
    `import { Lease } from '#platform/lease/lease';
     const lease = new Lease(process.argv[1], (error) => { throw error; }, Number(process.argv[2]));
     const { epoch } = await lease.acquire();
     console.log(String(epoch));
     setInterval(() => undefined, 1_000);`,
    database.url('worker'),
    String(standstillMs),
  );
  children.push(child);
  return child;
}

describe('a lease', () => {
  it('is held by one, while another waits, and begins a later epoch each time', async () => {
    const [first, second] = [lease(), lease()];
    const { name, epoch } = await first.acquire();
    expect(name).toBe('holdfast_worker');
    expect(first.state).toBe('held');
    const acquiring = second.acquire();
    await someoneWaits();
    expect(second.state).toBe('waiting');
    await first.release();
    expect((await acquiring).epoch).toBeGreaterThan(epoch);
    expect([first.state, second.state]).toEqual(['released', 'held']);
  });

  it('is of a role: another role has its own', async () => {
    const worker = lease();
    const projector = new Lease(database.url('projector'), () => undefined);
    leases.push(projector);
    await worker.acquire();
    expect((await projector.acquire()).name).toBe('holdfast_projector');
  });

  it('begins a later epoch though the clock was set back', async () => {
    const future = (BigInt(Date.now()) + 10_000_000n).toString();
    await owner.query(
      `insert into holdfast.lease values ('holdfast_worker', $1, now()) on conflict (name) do update set epoch = excluded.epoch`,
      [future],
    );
    expect((await lease().acquire()).epoch).toBe(BigInt(future) + 1n);
  });

  it('is taken over at once from a process that was killed', async () => {
    const first = holder(30_000);
    const epoch = BigInt(await nextLine(first));
    const second = holder(30_000);
    await someoneWaits();
    first.kill('SIGKILL');
    expect(BigInt(await nextLine(second))).toBeGreaterThan(epoch);
  });

  it('is taken over from a process that stands still, which then ends', async () => {
    const first = holder(1_000);
    const epoch = BigInt(await nextLine(first));
    first.kill('SIGSTOP');
    const second = lease();
    expect((await second.acquire()).epoch).toBeGreaterThan(epoch);
    first.kill('SIGCONT');
    const [code] = (await once(first, 'exit')) as [number];
    expect(code).toBe(1);
    expect(second.state).toBe('held');
  });

  it.runIf(process.platform === 'linux')('looks after its connection while it waits', async () => {
    await lease().acquire();
    const waits = lease();
    void waits.acquire().catch(() => undefined);
    await someoneWaits();
    const { rows } = await owner.query<{ port: number }>(
      `select client_port as port from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%take_lease%'`,
    );
    // What was just sent and not acknowledged yet has a timer of its own first.
    const seconds = await vi.waitUntil(async () => {
      const { timer, seconds: left } = await tcpTimer(rows[0]?.port ?? 0);
      return timer === 'keepalive' && left;
    });
    expect(seconds).toBeLessThanOrEqual(5.1);
  });

  it('that is lost is told of, once, as fenced out', async () => {
    const lost: LeaseError[] = [];
    const held = lease((error) => lost.push(error));
    await held.acquire();
    await endSessions();
    await vi.waitFor(() => expect(held.state).toBe('lost'), { timeout: 20_000 });
    expect(lost).toMatchObject([{ name: 'LeaseError', code: 'fenced-out' }]);
    await expect(held.during(() => Promise.resolve())).rejects.toMatchObject({ code: 'fenced-out' });
  });
});

describe('a transaction that requires the lease', () => {
  it('is refused once somebody else holds it', async () => {
    const first = lease();
    const fence = await first.acquire();
    const client = new pg.Client({ connectionString: database.url('worker') });
    await client.connect();
    await requireLease(client, fence);
    await first.release();
    // Nobody else acts yet, so nothing speaks against it.
    await requireLease(client, fence);
    await lease().acquire();
    await expect(requireLease(client, fence)).rejects.toMatchObject({ code: 'fenced-out' });
    await client.end();
  });

  it('holds a take-over off until it ends', async () => {
    const first = lease();
    const fence = await first.acquire();
    const client = await owner.connect();
    await client.query('begin');
    await requireLease(client, fence);
    await first.release();
    const second = lease();
    const acquiring = second.acquire();
    await someoneWaits();
    await client.query('commit');
    client.release();
    expect((await acquiring).epoch).toBeGreaterThan(fence.epoch);
  });
});

describe('work that needs the lease', () => {
  it('is done while nobody can begin another epoch, whatever becomes of its session', async () => {
    const held = lease();
    await held.acquire();
    const client = await owner.connect();
    await client.query(`set lock_timeout = '100ms'`);
    await held.during(async () => {
      const begin = client.query(
        `update holdfast.lease set epoch = epoch + 1 where name = 'holdfast_worker'`,
      );
      await expect(begin).rejects.toMatchObject({ code: '55P03' });
    });
    client.release(true);
    expect(held.state).toBe('held');
  });

  it('is not begun once somebody else began an epoch', async () => {
    const held = lease();
    await held.acquire();
    await owner.query(`update holdfast.lease set epoch = epoch + 1 where name = 'holdfast_worker'`);
    let begun = false;
    const work = async (): Promise<void> => {
      begun = true;
    };
    await expect(held.during(work)).rejects.toMatchObject({ code: 'fenced-out' });
    expect(begun).toBe(false);
    expect(held.state).toBe('lost');
  });
});
