import { readdirSync, readFileSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { canonicalJson } from '#kernel';
import type { DeliveryRecord } from '../domain/deliveries/record.js';
import { SPOOL_LIMITS } from './spool-limits.js';
import { Spool } from './spool.js';

let folder: string;
const failures: unknown[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-spool-'));
  failures.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (limits: Partial<typeof SPOOL_LIMITS> = {}, after = 0) =>
  Spool.open(folder, after, (error) => failures.push(error), { ...SPOOL_LIMITS, restMs: 0, ...limits });
const record = (revision: number): DeliveryRecord => ({
  at: '2026-11-26T12:00:00.000Z',
  what: 'completed',
  device: null,
  snapId: 'id',
  name: 'lab-hello',
  revision,
  position: '41',
});
/** Takes everything out, segment by segment. */
async function drained(spool: Spool): Promise<DeliveryRecord[][]> {
  const segments: DeliveryRecord[][] = [];
  for (let segment = await spool.oldest(); segment; segment = await spool.oldest()) {
    segments.push(JSON.parse(`[${(await spool.read(segment.number)).toString()}]`) as DeliveryRecord[]);
    spool.remove(segment.number);
  }
  return segments;
}
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => record(from + i));

describe('the spool', () => {
  it('gives out what was added, in order, and is empty then', async () => {
    const spool = await open({ segmentRecords: 3 });
    for (const each of numbers(1, 7)) spool.add(each);
    expect(spool.backlog()).toMatchObject({ records: 7 });
    expect(await drained(spool)).toEqual([numbers(1, 3), numbers(4, 6), numbers(7, 7)]);
    expect(spool.backlog()).toEqual({ records: 0, since: null });
    await spool.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('has written what was added in one turn when that is waited for: a kill after that does not lose it', async () => {
    const spool = await open();
    for (const each of numbers(1, 2)) spool.add(each);
    expect(readdirSync(folder)).toEqual([]);
    await spool.written();
    const lines = readFileSync(join(folder, '000000000001.jsonl'), 'utf8').split('\n');
    expect(lines).toEqual([...numbers(1, 2).map(canonicalJson), '']);
  });

  it('bounds a segment by its bytes as well', async () => {
    const bytes = JSON.stringify(record(1)).length + 1;
    const spool = await open({ segmentBytes: 2 * bytes });
    for (const each of numbers(1, 5)) spool.add(each);
    expect((await drained(spool)).map(({ length }) => length)).toEqual([2, 2, 1]);
  });

  it('gives out no segment that may still get more records, unless it is full', async () => {
    const spool = await open({ restMs: 60_000, segmentRecords: 3 });
    for (const each of numbers(1, 4)) spool.add(each);
    await spool.written();
    expect(await readdir(folder)).toHaveLength(2);
    expect(await drained(spool)).toEqual([numbers(1, 3)]);
    await spool.close();
    expect(await drained(await open())).toEqual([[record(4)]]);
  });

  it('goes on after a kill, without the line that was cut off', async () => {
    const killed = await open();
    for (const each of numbers(1, 3)) killed.add(each);
    await killed.oldest();
    const [file = ''] = await readdir(folder);
    await appendFile(join(folder, file), '{"at":"2026-11-26T12');
    const spool = await open();
    spool.add(record(4));
    expect(spool.backlog().records).toBe(4);
    expect(await drained(spool)).toEqual([numbers(1, 3), [record(4)]]);
  });

  it('gives a number once, also when nothing is left', async () => {
    const spool = await open({}, 57);
    spool.add(record(1));
    expect(await spool.oldest()).toMatchObject({ number: 58, records: 1 });
  });

  it('drops what there is no room for, counts it, and says so when there is room again', async () => {
    const bytes = JSON.stringify(record(1)).length + 1;
    const spool = await open({ bytes: 3 * bytes, segmentRecords: 1 });
    for (const each of numbers(1, 9)) spool.add(each);
    expect((await drained(spool)).flat()).toEqual(numbers(1, 3));
    const at = record(1).at;
    spool.add(record(4));
    expect((await drained(spool)).flat()).toEqual([{ at, what: 'dropped', until: at, count: 6 }, record(4)]);
  });

  it('spells what an earlier version has written as it is signed', async () => {
    const { at, ...rest } = record(1);
    await writeFile(join(folder, '000000000007.jsonl'), `${JSON.stringify({ ...rest, at })}\n`);
    const spool = await open();
    expect(spool.backlog()).toEqual({ records: 1, since: at });
    const segment = await spool.oldest();
    expect((await spool.read(segment?.number ?? 0)).toString()).toBe(canonicalJson(record(1)));
  });

  it('takes no file for its own that is none, and no line that is no record', async () => {
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await writeFile(
      join(folder, '000000000007.jsonl'),
      `nonsense\n{"what":"offered"}\n${JSON.stringify(record(1))}\n`,
    );
    const spool = await open();
    expect(await drained(spool)).toEqual([[record(1)]]);
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  it('never fails who adds, whatever the disk does', async () => {
    const spool = await open();
    await rm(folder, { recursive: true });
    spool.add(record(1));
    expect(await spool.oldest()).toBeUndefined();
    expect(failures).toHaveLength(1);
    await spool.close();
  });

  it('drops and counts what cannot be spelled, and keeps the rest of its turn', async () => {
    const spool = await open();
    for (const each of [record(1), record(Number.NaN), record(2)]) spool.add(each);
    await spool.written();
    expect(failures).toHaveLength(1);
    const { at } = record(1);
    const dropped = { at, what: 'dropped', until: at, count: 1 };
    expect((await drained(spool)).flat()).toEqual([dropped, record(1), record(2)]);
  });

  it('leaves a disk that fails alone for a while, counts what came, and says so when it takes records again', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    try {
      const spool = await open();
      await rm(folder, { recursive: true });
      for (const each of numbers(1, 3)) spool.add(each);
      await spool.written();
      expect(failures).toHaveLength(1);
      await mkdir(folder);
      vi.setSystemTime(999);
      spool.add(record(4));
      await spool.written();
      expect(await readdir(folder)).toEqual([]);
      vi.setSystemTime(1_000);
      spool.add(record(5));
      const at = record(1).at;
      expect((await drained(spool)).flat()).toEqual([
        { at, what: 'dropped', until: at, count: 4 },
        record(5),
      ]);
    } finally {
      vi.useRealTimers();
    }
  });
});
