import { describe, expect, it } from 'vitest';
import {
  decodeEntryBundle,
  encodeEntryBundle,
  entriesPath,
  MemoryLog,
  noteSigner,
  noteVerifier,
  openCheckpoint,
  TlogError,
  verifyLog,
  type VerifyLogOptions,
} from '#tlog';
import { LOG, vectorEntry } from '../fixtures/vectors.js';

const signer = noteSigner(LOG.origin, LOG.seed);
const verifiers = [noteVerifier(LOG.vkey)];
/** Enough for full and partial tiles on two levels. */
const SIZE = 700;
const history = Array.from({ length: SIZE }, (_, i) => vectorEntry(i));

function logOf(entries: readonly Buffer[]): MemoryLog {
  return new MemoryLog(entries, signer);
}

/** The tiles and checkpoint of the true history, with the entries of another. */
function logWithEntries(entries: readonly Buffer[]): MemoryLog {
  const log = logOf(history);
  for (const [path, bytes] of logOf(entries).files)
    if (path.startsWith('tile/entries/')) log.files.set(path, bytes);
  return log;
}

async function refusal(log: MemoryLog, options?: VerifyLogOptions): Promise<TlogError> {
  const error: unknown = await verifyLog(log, verifiers, options).then(
    () => undefined,
    (refused: unknown) => refused,
  );
  if (error instanceof TlogError) return error;
  throw new Error('the log was accepted', { cause: error });
}

describe('verifyLog', () => {
  it.each([0, 1, 255, 256, 257, SIZE])('accepts a log of %i and gives its entries in order', async (size) => {
    const entries = history.slice(0, size);
    const seen: Buffer[] = [];
    const checkpoint = await verifyLog(logOf(entries), verifiers, {
      onEntry: (position, bytes) => {
        expect(position).toBe(BigInt(seen.length));
        seen.push(bytes);
      },
    });
    expect(checkpoint).toMatchObject({ origin: LOG.origin, size: BigInt(size) });
    expect(seen).toEqual(entries);
  });

  it('1: finds one changed byte of an entry, and names its position', async () => {
    const changed = history.map((entry, i) =>
      i === 300 ? Buffer.from(entry.toString().replace('qa-6', 'qa-5')) : entry,
    );
    expect(await refusal(logWithEntries(changed))).toMatchObject({ code: 'root-differs', position: 300n });
  });

  it('1: finds it when the tiles were rewritten to match', async () => {
    const log = logOf(history.with(300, Buffer.from('{}')));
    log.files.set('checkpoint', logOf(history).files.get('checkpoint') ?? Buffer.of());
    expect(await refusal(log)).toMatchObject({ code: 'root-differs', position: undefined });
  });

  it('2: finds two swapped entries', async () => {
    const swapped = history.with(10, vectorEntry(11)).with(11, vectorEntry(10));
    expect(await refusal(logWithEntries(swapped))).toMatchObject({ code: 'root-differs', position: 10n });
  });

  it('3: finds a removed entry', async () => {
    const removed = [...history.toSpliced(400, 1), vectorEntry(SIZE)];
    expect(await refusal(logWithEntries(removed))).toMatchObject({ code: 'root-differs', position: 400n });
  });

  it('3: finds a bundle that lacks one', async () => {
    const log = logOf(history);
    const path = entriesPath(1n);
    const bundle = decodeEntryBundle(log.files.get(path) ?? Buffer.of());
    log.files.set(path, encodeEntryBundle(bundle.slice(1)));
    expect(await refusal(log)).toMatchObject({ code: 'malformed-bundle', position: 256n });
  });

  it('4: finds an edited size', async () => {
    const log = logOf(history);
    const edited = String(log.files.get('checkpoint')).replace(`\n${SIZE}\n`, `\n${SIZE - 1}\n`);
    log.files.set('checkpoint', Buffer.from(edited));
    expect(await refusal(log)).toMatchObject({ code: 'bad-signature' });
  });

  it.each([
    ['tile/0/001', 3, 256n + 3n],
    ['tile/0/002.p/188', 187, 512n + 187n],
    ['tile/1/000.p/2', 1, 256n],
  ])('5: finds a changed byte of %s', async (path, hash, position) => {
    const log = logOf(history);
    const tile = Buffer.from(log.files.get(path) ?? Buffer.of());
    tile.writeUInt8(tile.readUInt8(hash * 32 + 5) ^ 1, hash * 32 + 5);
    log.files.set(path, tile);
    expect(await refusal(log)).toMatchObject({ code: 'tile-differs', position });
  });

  it.each(['checkpoint', 'tile/0/000', 'tile/1/000.p/2', 'tile/entries/001'])(
    'says that %s is missing',
    async (path) => {
      const log = logOf(history);
      expect(log.files.delete(path)).toBe(true);
      expect(await refusal(log)).toMatchObject({ code: 'missing-file' });
    },
  );

  it('7: finds a history re-signed with the real key only with a kept checkpoint', async () => {
    const kept = openCheckpoint(logOf(history.slice(0, 500)).files.get('checkpoint') ?? '', verifiers);
    const rewritten = logOf(history.with(20, Buffer.from('{}')));
    await expect(verifyLog(rewritten, verifiers)).resolves.toMatchObject({ size: BigInt(SIZE) });
    expect(await refusal(rewritten, { kept })).toMatchObject({ code: 'root-differs' });
    await expect(verifyLog(logOf(history), verifiers, { kept })).resolves.toMatchObject({
      size: BigInt(SIZE),
    });
  });

  it('9: finds an inserted entry', async () => {
    const inserted = history.toSpliced(50, 0, Buffer.from('{}')).slice(0, SIZE);
    expect(await refusal(logWithEntries(inserted))).toMatchObject({ code: 'root-differs', position: 50n });
  });

  it('10: finds a tail that was cut off, with a kept checkpoint', async () => {
    const kept = openCheckpoint(logOf(history).files.get('checkpoint') ?? '', verifiers);
    expect(await refusal(logOf(history.slice(0, 600)), { kept })).toMatchObject({
      code: 'root-differs',
      position: 600n,
    });
  });

  it('reads from full tiles what partial ones held, once those are gone', async () => {
    const grown = logOf(Array.from({ length: 1000 }, (_, i) => vectorEntry(i)));
    const older = logOf(history);
    grown.files.set('checkpoint', older.files.get('checkpoint') ?? Buffer.of());
    grown.files.set('tile/1/000.p/2', older.files.get('tile/1/000.p/2') ?? Buffer.of());
    await expect(verifyLog(grown, verifiers)).resolves.toMatchObject({ size: BigInt(SIZE) });
  });

  it('refuses a log that another key signed', async () => {
    const foreign = new MemoryLog(history, noteSigner(LOG.origin, Buffer.alloc(32, 3)));
    expect(await refusal(foreign)).toMatchObject({ code: 'no-trusted-signature' });
  });
});
