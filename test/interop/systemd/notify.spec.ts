import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServiceManager } from '#apps/host/src/service-manager/service-manager';
import { NotifyListener } from './notify-listener.js';
import { missingProgram, unitSettings, valuesOf } from './unit.js';

const missing = await missingProgram('systemd-notify', 'python3');
const KEYS = ['site', 'proxy', 'ledger', 'policy'];
const ANY_PORT = ['CONTROL', 'PROXY', 'CONTROL_HEALTH', 'WORKER_HEALTH', 'PROJECTOR_HEALTH', 'PROXY_HEALTH'];

describe.skipIf(missing !== undefined)(
  `sd_notify${missing === undefined ? '' : ` (${missing} is missing)`}`,
  () => {
    let folder: string;
    let systemd: NotifyListener;
    let complaints: string[];

    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'holdfast-notify-spec-'));
      systemd = await NotifyListener.start();
      complaints = [];
    });
    afterEach(async () => {
      await systemd[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    });

    const manager = (env: Record<string, string>): ServiceManager =>
      new ServiceManager({ PATH: process.env['PATH'], NOTIFY_SOCKET: systemd.socket, ...env }, (line) =>
        complaints.push(line),
      );

    it('says one thing after the other, and a status in one line', async () => {
      const service = manager({});
      await Promise.all([service.status('starting\nREADY=1'), service.ready('up'), service.stopping()]);
      expect(systemd.heard.slice(1)).toEqual([
        'STATUS=starting READY=1',
        'READY=1',
        'STATUS=up',
        'STOPPING=1',
        'STATUS=stopping',
      ]);
      expect(complaints).toEqual([]);
    });

    it('gives signs of life from ready until stopping, when it is the process that is watched', async () => {
      const [watched, other] = [
        manager({ WATCHDOG_USEC: '60000', WATCHDOG_PID: String(process.pid) }),
        manager({ WATCHDOG_USEC: '60000', WATCHDOG_PID: '1' }),
      ];
      await other.ready('up');
      await watched.ready('up');
      await systemd.until((heard) => heard.filter((each) => each === 'WATCHDOG=1').length >= 3);
      await watched.stopping();
      const last = systemd.heard.lastIndexOf('WATCHDOG=1');
      expect(last).toBeLessThan(systemd.heard.indexOf('STOPPING=1'));
      expect(systemd.heard.indexOf('WATCHDOG=1')).toBeGreaterThan(systemd.heard.lastIndexOf('READY=1'));
    });

    it('goes on without a systemd that hears it', async () => {
      const deaf = manager({ NOTIFY_SOCKET: path.join(folder, 'nobody') });
      await deaf.ready('up');
      expect(complaints).toEqual([expect.stringContaining('could not tell systemd READY=1 STATUS=up: ')]);
      const without = manager({ PATH: folder });
      await without.ready('up');
      expect(complaints[1]).toContain('the program systemd-notify is not installed');
    });

    it('is told of a site that runs as the unit says, with its keys from credentials', async () => {
      await using site = await startAsUnitSays(folder, systemd.socket);
      const heard = await systemd.until((all) => all.filter((each) => each === 'WATCHDOG=1').length >= 2);
      const status = heard.find((each) => each.startsWith('STATUS=control at '));
      const control = /control at (\S+),/.exec(status ?? '')?.[1] ?? 'none';
      const answer = await fetch(`${control}/v1/status`);

      expect(heard.slice(1, 4)).toEqual(['STATUS=starting', 'READY=1', status]);
      expect(answer.status).toBeLessThan(500);
      expect(await readdir(path.join(folder, 'home/secrets'))).not.toContain('ledger.key');

      expect(await site.stop()).toBe(0);
      const closing = systemd.heard.indexOf('STOPPING=1');
      expect(closing).toBeGreaterThan(systemd.heard.lastIndexOf('WATCHDOG=1'));
    });
  },
);

/** ExecStart with the unit's Environment, as systemd would run it: `%d` is a folder with the credentials. */
async function startAsUnitSays(
  folder: string,
  socket: string,
): Promise<AsyncDisposable & { stop(): Promise<number | null> }> {
  const [home, credentials] = [path.join(folder, 'home'), path.join(folder, 'credentials')];
  await mkdir(credentials);
  for (const key of KEYS) {
    await writeFile(path.join(credentials, `${key}.key`), randomBytes(32).toString('hex'), { mode: 0o400 });
  }
  const settings = await unitSettings();
  const expand = (text: string): string =>
    text.replaceAll('%d', credentials).replaceAll('/var/lib/holdfast', home);
  const environment: Record<string, string> = {};
  for (const each of valuesOf(settings, 'Environment')) {
    const [name = '', value = ''] = expand(each).split(/=(.*)/s);
    environment[name] = value;
  }
  for (const name of ANY_PORT) environment[`HOLDFAST_${name}_PORT`] = '0';
  const [program = '', ...args] = valuesOf(settings, 'ExecStart').join().split(' ');
  const child = spawn(program, args, {
    cwd: valuesOf(settings, 'WorkingDirectory').join(),
    env: {
      PATH: process.env['PATH'],
      NOTIFY_SOCKET: socket,
      WATCHDOG_USEC: '900000',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stop = () => stopProcess(child);
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}

async function stopProcess(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    await ended;
  }
  return child.exitCode;
}
