import fs from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { DeliveryRecord } from '../domain/deliveries/record.js';
import { SPOOL_LIMITS } from './spool-limits.js';
import { Spool } from './spool.js';

/** @param room bytes that the disk takes of each write, of ASCII */
function diskTakes(room: number): void {
  fs.writeSync = ((fd: number, text: string, position: null, encoding: BufferEncoding) =>
    writeSync(fd, text.slice(0, room), position, encoding)) as typeof fs.writeSync;
  syncBuiltinESMExports();
}

const { writeSync } = fs;
afterEach(() => {
  fs.writeSync = writeSync;
  syncBuiltinESMExports();
});

const record = (revision: number): DeliveryRecord => ({
  at: `2026-11-26T12:00:0${revision}.000Z`,
  what: 'completed',
  device: null,
  snapId: 'id',
  name: 'lab-hello',
  revision,
  position: '41',
});

it('keeps the whole lines of a write that the disk cut off, and counts the others as dropped', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-spool-'));
  try {
    const failures: unknown[] = [];
    const limits = { ...SPOOL_LIMITS, restMs: 0 };
    const spool = await Spool.open(folder, 0, (error) => failures.push(error), limits);
    const line = JSON.stringify(record(1)).length + 1;
    diskTakes(2 * line + 10);
    for (const revision of [1, 2, 3, 4]) spool.add(record(revision));
    await spool.written();
    expect(failures.map(String)).toEqual([`Error: of ${4 * line} bytes the disk took ${2 * line + 10}`]);
    diskTakes(Infinity);
    vi.setSystemTime(1_000);
    spool.add(record(5));
    const given: unknown[] = [];
    for (let segment = await spool.oldest(); segment; segment = await spool.oldest()) {
      given.push(JSON.parse(`[${(await spool.read(segment.number)).toString()}]`));
      spool.remove(segment.number);
    }
    const dropped = { at: record(3).at, what: 'dropped', until: record(4).at, count: 2 };
    expect(given).toEqual([
      [record(1), record(2)],
      [dropped, record(5)],
    ]);
    await spool.close();
    expect(await readdir(folder)).toEqual([]);
  } finally {
    vi.useRealTimers();
    await rm(folder, { recursive: true });
  }
});
