import { PutObjectCommand } from '@aws-sdk/client-s3';
import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '#kernel';
import { blobStoreContract } from '../contract/blob-store.contract.js';
import { uploadsFolder } from '../testing/s3-multipart-uploads.js';
import { locationOf, S3TestServer } from '../testing/s3-test-server.js';
import { S3BlobStore } from './s3-blob-store.js';
import { S3Connection } from './s3-connection.js';
import { PART_BYTES } from './upload.js';

const PATIENCE = { connect: 10_000, silence: 30_000, attempts: 3 };

let server: S3TestServer;
let spool: string;
const opened: S3BlobStore[] = [];

beforeAll(async () => {
  server = await S3TestServer.start();
});
afterAll(async () => server.close());
beforeEach(async () => {
  spool = await mkdtemp(join(tmpdir(), 'holdfast-spool-'));
});
afterEach(async () => {
  server.fault = () => undefined;
  server.requests.length = 0;
  for (const store of opened.splice(0)) await store.close();
  await rm(spool, { recursive: true, force: true });
});

async function open(location = server.location(randomUUID()), patience = PATIENCE): Promise<S3BlobStore> {
  const store = await S3BlobStore.open(new S3Connection(location, patience), spool);
  opened.push(store);
  return store;
}

/** With an area of its own in the bucket for each test. */
function contract(name: string, url: (prefix: string) => string): void {
  blobStoreContract(name, async () => {
    const s3 = new S3Connection(locationOf(url(randomUUID())));
    const store = await S3BlobStore.open(s3, spool);
    return {
      store,
      truncate: async (digest) => {
        const whole = await buffer(await store.open(digest));
        const damaged = { Bucket: s3.bucket, Key: s3.blob(digest), Body: whole.subarray(0, -1) };
        await s3.client.send(new PutObjectCommand(damaged));
      },
      dispose: () => store.close(),
    };
  });

  it(`takes a large content in parts, and gives any range of it: ${name}`, async () => {
    const store = await open(locationOf(url(randomUUID())));
    const large = randomBytes(2 * PART_BYTES + 17);
    const { sha256 } = await store.put(content(large));
    expect(await store.verify(sha256)).toBe(true);
    const across = { start: PART_BYTES - 3, end: PART_BYTES + 3 };
    expect(await buffer(await store.open(sha256, across))).toEqual(
      large.subarray(across.start, across.end + 1),
    );
    await store.put(content(large));
  });
}

contract('S3', (prefix) => server.url(prefix));

// A real server: TEST_BLOBS_URL=s3://a-bucket-for-tests?endpoint=… and the AWS variables.
const real = process.env['TEST_BLOBS_URL'];
if (real) {
  contract('S3, the server that TEST_BLOBS_URL names', (prefix) => {
    const url = new URL(real);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${prefix}`;
    return url.href;
  });
}

describe('a bucket', () => {
  it('is laid out as the folder is', async () => {
    const store = await open(server.location('sites/one'));
    const { sha256 } = await store.put(content('kept'));
    expect(server.requests.at(-1)).toBe(`PUT /kept/sites/one/sha256/${sha256.slice(0, 2)}/${sha256}`);
    expect(await readdir(spool)).toEqual([]);
  });

  it('shows nothing of a large content whose upload fails, and gives its parts up', async () => {
    const store = await open();
    const large = randomBytes(PART_BYTES + 17);
    server.fault = ({ query }) =>
      query['partNumber'] === '2' ? { status: 503, code: 'SlowDown' } : undefined;
    await expect(store.put(content(large))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await store.size(sha256Hex(large))).toBeUndefined();
    expect(await unfinished()).toEqual([]);
    expect(await readdir(spool)).toEqual([]);
  });

  it('sends nothing of a content that is not what was expected', async () => {
    const store = await open();
    server.requests.length = 0;
    await expect(store.put(content('kept'), { sha256: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'digest-mismatch',
    });
    expect(server.requests).toEqual([]);
  });

  it('is swept of what a crash left a day ago, not of what another one is sending', async () => {
    const location = server.location(randomUUID());
    for (const [id, age] of Object.entries({ old: 48, young: 1 })) {
      const begun = join(uploadsFolder(join(server.folder, 'kept')), id);
      await writeUpload(begun, `${location.prefix}sha256/aa/${id}`, age);
    }
    await writeUpload(
      join(uploadsFolder(join(server.folder, 'kept')), 'foreign'),
      'somebody/sha256/aa/x',
      48,
    );
    await writeFile(join(spool, 'left.spooled'), 'ke');
    expect((await open(location)).recovery).toEqual({ swept: 1, uploads: 1, unavailable: undefined });
    expect((await unfinished()).sort()).toEqual(['foreign', 'young']);
    expect(await readdir(spool)).toEqual([]);
    await rm(uploadsFolder(join(server.folder, 'kept')), { recursive: true });
  });
});

const noRoot = process.getuid?.() === 0 ? '' : ', which wants root, to mount a small disk';

describe.skipIf(noRoot !== '')(`a spool on a full disk${noRoot}`, () => {
  beforeEach(() => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'holdfast', spool]));
  afterEach(() => execFileSync('umount', [spool]));

  it('takes nothing, sends nothing, keeps nothing half, and goes on once there is room', async () => {
    const store = await open();
    server.requests.length = 0;
    const large = randomBytes(600 * 1024);
    await writeFile(join(spool, 'filler'), randomBytes(800 * 1024));
    await expect(store.put(content(large))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/write to the spool: ENOSPC/) as string,
    });
    expect(server.requests).toEqual([]);
    expect(await readdir(spool)).toEqual(['filler']);
    await rm(join(spool, 'filler'));
    const { sha256 } = await store.put(content(large));
    expect(await buffer(await store.open(sha256))).toEqual(large);
  });
});

describe('a server that knows If-None-Match', () => {
  it('keeps what is whole, and replaces what is damaged', async () => {
    const store = await open();
    const { sha256 } = await store.put(content('kept'));
    server.fault = ({ method, headers }) =>
      method === 'PUT' && headers['if-none-match'] === '*'
        ? { status: 412, code: 'PreconditionFailed' }
        : undefined;
    server.requests.length = 0;
    await store.put(content('kept'));
    expect(server.requests.map((line) => line.split(' ')[0])).toEqual(['PUT', 'GET']);
    await server.damage(sha256);
    await store.put(content('kept'));
    expect(await store.verify(sha256)).toBe(true);
  });
});

describe('a server in trouble', () => {
  it('is asked again when it hangs up, is busy, or its answer is lost', async () => {
    const store = await open();
    for (const fault of ['hang-up', 'lost-answer', { status: 503, code: 'SlowDown' }] as const) {
      let times = 1;
      server.fault = () => (times-- > 0 ? fault : undefined);
      const { sha256 } = await store.put(content(JSON.stringify(fault)));
      server.fault = () => undefined;
      expect(await store.verify(sha256)).toBe(true);
    }
  });

  it('is given up when it stays silent', async () => {
    const store = await open(server.location(), { ...PATIENCE, silence: 300, attempts: 2 });
    server.fault = () => 'silence';
    await expect(store.put(content('kept'))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/cannot keep blob .*can be reached/) as string,
    });
    await expect(store.verify('0'.repeat(64))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('stops no start when it is away, and a wrong setting does', async () => {
    const location = server.location();
    const nobody = { ...location, endpoint: 'http://127.0.0.1:9' };
    expect((await open(nobody)).recovery.unavailable).toMatch(/127\.0\.0\.1:9 can be reached/);
    await expect(open(server.location('', 'another'))).rejects.toMatchObject({
      code: 'no-such-bucket',
      message: expect.stringMatching(/create the bucket another/) as string,
    });
    server.fault = () => ({ status: 403, code: 'AccessDenied' });
    await expect(open(location)).rejects.toMatchObject({
      code: 'access-denied',
      message: expect.stringMatching(/check the AWS credentials/) as string,
    });
  });

  it('never has its silence taken for a missing or a damaged blob', async () => {
    const store = await open();
    const { sha256 } = await store.put(content('kept'));
    for (const fault of ['hang-up', { status: 500, code: 'InternalError' }] as const) {
      server.fault = () => fault;
      await expect(store.size(sha256)).rejects.toMatchObject({ code: 'unavailable' });
      await expect(store.verify(sha256)).rejects.toMatchObject({ code: 'unavailable' });
      await expect(store.quarantine(sha256)).rejects.toMatchObject({ code: 'unavailable' });
    }
  });
});

async function* content(text: string | Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

function unfinished(): Promise<string[]> {
  return readdir(uploadsFolder(join(server.folder, 'kept'))).catch(() => []);
}

async function writeUpload(folder: string, key: string, hours: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'key'), key);
  const begun = new Date(Date.now() - hours * 60 * 60 * 1000);
  await utimes(join(folder, 'key'), begun, begun);
}
