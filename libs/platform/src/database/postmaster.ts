import { open, readFile, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';

/** What postmaster.pid says of the server that runs, or ran, in a data folder. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** undefined when there is no pid file, or one that was cut off. */
export async function readPidFile(data: string): Promise<Postmaster | undefined> {
  const lines = (await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  return Number.isInteger(pid) && pid > 1 && Number.isInteger(port) && port > 0 ? { pid, port } : undefined;
}

/** Whether process `pid` is a server of this data folder, and not another program that was given a dead one's number. */
export async function servesFolder(pid: number, data: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  // Without /proc there is only the number to go by.
  return folder === undefined
    ? !(await isReadable('/proc/self/cwd'))
    : folder === (await realpath(data).catch(() => data));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the server answers, and takes our password. */
export async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    // A wrong password doesn't mend itself; all else may be a server that is still starting.
    if (error instanceof pg.DatabaseError && error.code === '28P01') throw error;
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function isReadable(file: string): Promise<boolean> {
  return open(file).then(
    (handle) => handle.close().then(() => true),
    (error: unknown) => (error as NodeJS.ErrnoException).code !== 'ENOENT',
  );
}
