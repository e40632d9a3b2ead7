import { once } from 'node:events';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { nextLine, nodeProcess } from '#test/support/node-process';

const SUPERVISE = `
  import { ServerProcess } from '#apps/host/src/server-process';
  const [, program] = process.argv;
  const server = new ServerProcess({ name: 'stub', program, env: {}, log: () => undefined });
  await server.start();
  console.log(server.pid);
`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it.each(['stub-server.mjs', 'stub-server.deaf.mjs'])(
  '%s ends when its supervisor was killed',
  async (stub) => {
    const supervisor = nodeProcess(SUPERVISE, path.join(import.meta.dirname, 'fixtures', stub));
    const pid = Number(await nextLine(supervisor));
    expect(isAlive(pid)).toBe(true);
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000, interval: 50 });
  },
);
