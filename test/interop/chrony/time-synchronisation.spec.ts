import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '#platform/database/free-port';
import {
  readTimeSynchronisation,
  USUAL_TIME_SOURCES,
} from '#platform/time-synchronisation/read-time-synchronisation';
import type { TimeSynchronisation } from '#platform/time-synchronisation/sources';
import { Chronyd, whyNoChrony } from './chrony-program.js';

const missing = whyNoChrony();

describe.skipIf(missing !== undefined)(`chrony as Debian has it${missing ? `: ${missing}` : ''}`, () => {
  let folder: string;
  let server: Chronyd;
  let client: Chronyd;
  let alone: Chronyd;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-chrony-'));
    const port = await freePort();
    const [serves, follows] = [join(folder, 'server'), join(folder, 'client')];
    server = await Chronyd.start(serves, [
      'local stratum 8',
      `port ${port}`,
      'bindaddress 127.0.0.1',
      'allow 127.0.0.1',
    ]);
    client = await Chronyd.start(follows, [
      'port 0',
      `server 127.0.0.1 port ${port} iburst minpoll -4 maxpoll -4`,
    ]);
    // It is asked by its socket: without a server to follow it has nothing else to do.
    alone = await Chronyd.start(join(folder, 'alone'), ['port 0']);
  });
  afterAll(async () => {
    await Promise.all([server, client, alone].map((each) => each?.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  const read = ({ socket }: Chronyd): Promise<TimeSynchronisation> =>
    readTimeSynchronisation({
      ...USUAL_TIME_SOURCES,
      chronyc: ['chronyc', '-h', socket, '-n', '-c', 'tracking'],
    });
  /** What is found as soon as it can be asked, and says that. */
  const until = (asked: () => Chronyd, state: TimeSynchronisation['state']): Promise<TimeSynchronisation> =>
    vi.waitUntil(
      async () => {
        const found = await read(asked());
        return found.state === state ? found : undefined;
      },
      { timeout: 30_000, interval: 100 },
    );

  it.each([
    ['that follows a time server is synchronised', () => client, 'synchronised'],
    ['that follows itself is not', () => server, 'not-synchronised'],
    ['that has nothing to follow is not', () => alone, 'not-synchronised'],
  ] as const)('R06: a clock %s', async (_what, asked, state) => {
    expect(await until(asked, state)).toEqual({ state, source: 'chrony' });
  });
});
