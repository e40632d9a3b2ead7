import { beforeEach, describe, expect, it } from 'vitest';
import { BlobStoreError } from '#blob-store/port';
import { MemoryBlobStore } from '#blob-store/memory/memory-blob-store';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { decodeEvent, StoppedClock } from '#kernel';
import { StreamWriter } from '#platform/decide-and-append';
import { KEPT_BLOBS_STREAM } from '../domain/kept-blobs/kept-blobs.js';
import { scrubRecord } from './scrub-record.js';
import { scrubSlice, type ScrubPorts, type Scrubbed, type Slice } from './scrub-slice.js';

let blobs: MemoryBlobStore;
let store: InMemoryEventStore;
let stopping: AbortController;
let ports: ScrubPorts;
let digests: string[];

beforeEach(async () => {
  blobs = new MemoryBlobStore();
  store = new InMemoryEventStore();
  stopping = new AbortController();
  const record = scrubRecord(
    new StreamWriter(store, 'Etc/UTC'),
    new StoppedClock('2026-11-22T12:48:14.123Z'),
    'worker',
  );
  ports = { blobs, record, signal: stopping.signal };
  digests = [];
  for (let i = 0; i < 10; i++) digests.push(await put(`content ${i}`));
  digests.sort();
});

const SIZE = Buffer.byteLength('content 0');

async function put(text: string): Promise<string> {
  const content = async function* () {
    yield await Promise.resolve(Buffer.from(text));
  };
  return (await blobs.put(content())).sha256;
}

const all: Slice = { after: undefined, bytes: Number.MAX_SAFE_INTEGER };

async function events(): Promise<string[]> {
  const types: string[] = [];
  for await (const { bytes } of store.readStream(KEPT_BLOBS_STREAM)) {
    const { type, data } = decodeEvent(bytes);
    types.push(`${type} ${JSON.stringify(data)}`);
  }
  return types;
}

describe('a scrub', () => {
  it('reads every blob, a slice at a time, and begins again', async () => {
    const seen: Scrubbed[] = [];
    let after: string | undefined;
    do {
      const scrubbed = await scrubSlice({ after, bytes: 3 * SIZE }, ports);
      seen.push(scrubbed);
      ({ after } = scrubbed);
    } while (after !== undefined);
    expect(seen.map((slice) => slice.blobs)).toEqual([3, 3, 3, 1]);
    expect(seen[0]).toEqual({
      blobs: 3,
      bytes: 3 * SIZE,
      damaged: [],
      unreadable: [],
      restored: [],
      after: digests[2],
    });
    expect(await events()).toEqual([]);
  });

  it('gets on with a blob that is larger than a slice', async () => {
    expect(await scrubSlice({ after: undefined, bytes: 1 }, ports)).toMatchObject({
      blobs: 1,
      after: digests[0],
    });
  });

  it('quarantines what is damaged, and says it once', async () => {
    const [damaged = ''] = digests;
    blobs.truncate(damaged);
    expect(await scrubSlice(all, ports)).toMatchObject({ blobs: 10, damaged: [damaged], after: undefined });
    expect(await blobs.size(damaged)).toBeUndefined();
    expect(await scrubSlice(all, ports)).toMatchObject({ blobs: 9, damaged: [] });
    const data = { digest: damaged, size: String(SIZE - 1), why: 'its content has another SHA-256' };
    expect(await events()).toEqual([`KeptBlobDamaged ${JSON.stringify(data)}`]);
  });

  it('finishes what a crash interrupted between report and quarantine, without a second report', async () => {
    const [damaged = ''] = digests;
    blobs.truncate(damaged);
    await ports.record.reportDamage({ digest: damaged, size: '1', why: 'found' });
    expect(await scrubSlice(all, ports)).toMatchObject({ damaged: [damaged] });
    expect(await events()).toHaveLength(1);
    expect(await blobs.size(damaged)).toBeUndefined();
  });

  it('says when it is whole again, and when it is damaged again', async () => {
    const digest = await put('precious');
    blobs.truncate(digest);
    await scrubSlice(all, ports);
    await put('precious');
    expect(await scrubSlice(all, ports)).toMatchObject({ restored: [digest], damaged: [] });
    blobs.truncate(digest);
    await scrubSlice(all, ports);
    expect((await events()).map((event) => event.split(' ')[0])).toEqual([
      'KeptBlobDamaged',
      'KeptBlobRestored',
      'KeptBlobDamaged',
    ]);
  });

  /** A disk with bad sectors, or one that is away from a moment on. */
  function failing(which: (digest: string) => boolean): ScrubPorts {
    const verify = (digest: string): Promise<boolean> => {
      if (!which(digest)) return blobs.verify(digest);
      const cause = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
      return Promise.reject(new BlobStoreError('unavailable', `cannot read ${digest}`, { cause }));
    };
    return { ...ports, blobs: Object.assign(Object.create(blobs) as MemoryBlobStore, { verify }) };
  }

  it.each([0, 4, 9])('goes on past blob %i, which cannot be read, and reports it once', async (index) => {
    const bad = digests[index] ?? '';
    const disk = failing((digest) => digest === bad);
    const seen: Scrubbed[] = [];
    let after: string | undefined;
    do {
      const scrubbed = await scrubSlice({ after, bytes: 1 }, disk);
      seen.push(scrubbed);
      ({ after } = scrubbed);
    } while (after !== undefined);
    expect(seen.flatMap(({ unreadable }) => unreadable)).toEqual([bad]);
    expect(seen.reduce((blobsRead, slice) => blobsRead + slice.blobs, 0)).toBe(9);
    await scrubSlice(all, disk);
    expect(await blobs.size(bad)).toBe(SIZE);
    expect(await events()).toEqual([
      `KeptBlobDamaged ${JSON.stringify({ digest: bad, why: 'it cannot be read (EIO)' })}`,
    ]);
    expect(await scrubSlice(all, ports)).toMatchObject({ restored: [bad], unreadable: [] });
  });

  it('reads one that is known not to be readable once a slice, and reports it no more', async () => {
    const [bad = ''] = digests;
    await scrubSlice(
      all,
      failing((digest) => digest === bad),
    );
    const tries: string[] = [];
    const disk = failing((digest) => digest === bad && tries.push(digest) > 0);
    const reports: string[] = [];
    const record = {
      ...ports.record,
      reportDamage: ({ digest }: { digest: string }) => Promise.resolve(void reports.push(digest)),
    };
    expect(await scrubSlice(all, { ...disk, record })).toMatchObject({ blobs: 9, unreadable: [bad] });
    expect({ tries, reports }).toEqual({ tries: [bad], reports: [] });
  });

  it('blames no blob when none can be read any more', async () => {
    const gone = failing((digest) => digest > (digests[3] ?? ''));
    await expect(
      scrubSlice(
        { after: digests[3], bytes: 1 },
        failing(() => true),
      ),
    ).rejects.toThrow('cannot');
    expect(await scrubSlice({ after: undefined, bytes: 1 }, gone)).toMatchObject({ blobs: 1 });
    expect(await events()).toEqual([]);
  });

  it('gives up when too many in a row cannot be read', async () => {
    for (let i = 10; i < 60; i++) digests.push(await put(`content ${i}`));
    const [first] = digests.sort();
    await expect(
      scrubSlice(
        all,
        failing((digest) => digest !== first),
      ),
    ).rejects.toThrow('cannot read');
    expect(await events()).toEqual([]);
  });

  it('reports the only blob there is', async () => {
    blobs = new MemoryBlobStore();
    ports = { ...ports, blobs };
    const only = await put('all that is kept');
    expect(
      await scrubSlice(
        all,
        failing(() => true),
      ),
    ).toMatchObject({ unreadable: [only] });
  });

  it('stops in the middle of a blob when it is told to, and reports nothing of it', async () => {
    const reading = Promise.withResolvers<void>();
    const slow = Object.assign(Object.create(blobs) as MemoryBlobStore, {
      verify: () => {
        reading.resolve();
        return new Promise<boolean>(() => undefined);
      },
    });
    const scrubbing = scrubSlice(all, { ...ports, blobs: slow });
    await reading.promise;
    stopping.abort(new Error('the worker is stopping'));
    await expect(scrubbing).rejects.toThrow('the worker is stopping');
    expect(await events()).toEqual([]);
  });
});
