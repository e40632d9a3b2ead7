import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteSigner, noteVerifier } from '#tlog';
import { alone, entries, entry, LedgerOnDisk, ORIGIN, signer } from '../../fixtures/ledger-on-disk.js';
import type { DatabaseRow } from '../compared-rows.js';
import { filesystemLogReader } from '../filesystem-log-reader.js';
import { LedgerWriter } from '../ledger-writer.js';
import { LedgerVerifier, type Outcome } from './ledger-verifier.js';

let disk: LedgerOnDisk;
/** What the event store has, by position. */
let stored: Map<number, Buffer>;
/** Where reading the store began, once for each look. */
let asked: bigint[];
let paced: number;
let verifier: LedgerVerifier;

beforeEach(async () => {
  disk = await LedgerOnDisk.make();
  stored = new Map();
  asked = [];
  paced = 0;
  verifier = make();
  await grow(300);
});
afterEach(() => disk[Symbol.asyncDispose]());

function make(counted = false): LedgerVerifier {
  return new LedgerVerifier({
    first: filesystemLogReader(disk.folder),
    second: filesystemLogReader(disk.secondFolder),
    verifier: noteVerifier(signer.vkey),
    counted,
    stored: async function* (from): AsyncGenerator<DatabaseRow> {
      asked.push(from);
      const rows = [...stored].sort(([a], [b]) => a - b);
      for (const [position, bytes] of rows)
        if (BigInt(position) >= from) yield { position: BigInt(position), bytes };
    },
    pace: async () => {
      paced += 1;
    },
  });
}

/** Events come, and are sealed. */
async function grow(to: number): Promise<void> {
  for (const bytes of entries(stored.size, to)) stored.set(stored.size, bytes);
  await disk.grow(to);
}

async function flip(file: string, at = 0): Promise<void> {
  const bytes = await readFile(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

function findings(outcome: Outcome): string[] {
  if (outcome.kind !== 'differs') throw new Error(`it ${outcome.kind}`);
  return outcome.findings.map(({ check, kind, position = '-' }) => `${check} ${kind} ${position}`);
}
const sized = (size: bigint) => ({ kind: 'holds', checkpoint: expect.objectContaining({ size }) as unknown });

describe('the verifier of a ledger', () => {
  it('looks at everything once, and then at what is new', async () => {
    expect(await verifier.verifyWhole()).toMatchObject({ ...sized(300n), whole: true });
    await grow(700);
    expect(await verifier.verifyNew()).toMatchObject({ ...sized(700n), whole: false });
    expect(await verifier.verifyNew()).toMatchObject({ ...sized(700n), whole: false });
    expect(await verifier.verifyWhole()).toMatchObject({ ...sized(700n), whole: true });
    expect(asked).toEqual([0n, 300n, 0n]);
    // Two bundles, then two of which it has read the beginning of the first, none, and three.
    expect(paced).toBe(2 + 2 + 0 + 3);
  });

  it('lets newer events wait for their seal', async () => {
    stored.set(300, entry(300));
    expect(await verifier.verifyWhole()).toMatchObject(sized(300n));
  });

  it('finds nothing wrong with what was never sealed', async () => {
    await disk[Symbol.asyncDispose]();
    expect(await verifier.verifyWhole()).toEqual({ kind: 'never-sealed' });
    stored.clear();
    expect(await verifier.verifyNew()).toEqual({ kind: 'never-sealed' });
  });

  it('takes a second place that is one seal behind, as a crash leaves it, and no more', async () => {
    await disk.keep('before');
    await grow(310);
    await disk.bringBack('before', 'ledger-second/checkpoint');
    expect(await verifier.verifyWhole()).toMatchObject(sized(310n));
    expect(await verifier.verifyNew()).toMatchObject(sized(310n));
    await grow(320);
    await disk.bringBack('before', 'ledger-second/checkpoint');
    expect(findings(await verifier.verifyNew())).toEqual(['second-place behind 300']);
  });

  it('does not answer for a store that does not, and begins anew', async () => {
    const rows = [...stored];
    stored = new Proxy(stored, {
      get: () => {
        throw new Error('the database is away');
      },
    });
    await expect(verifier.verifyWhole()).rejects.toThrow('the database is away');
    stored = new Map(rows);
    expect(await verifier.verifyNew()).toMatchObject({ ...sized(300n), whole: true });
  });
});

describe('R39: the verifier finds', () => {
  it('events that are gone, where neither place has a checkpoint, nor was one recorded', async () => {
    await disk[Symbol.asyncDispose]();
    for (const gone of [0, 7, 8]) stored.delete(gone);
    for (const outcome of [await verifier.verifyWhole(), await verifier.verifyNew()])
      expect(findings(outcome)).toEqual(['events missing 0', 'events missing 7']);
    // Whose positions are no more than a count.
    expect(await make(true).verifyWhole()).toEqual({ kind: 'never-sealed' });
  });

  it('a flipped byte of a tile', async () => {
    await flip(disk.file('tile/0/000'), 32 * 9);
    expect(findings(await verifier.verifyWhole())).toEqual(['ledger tile-differs 9']);
  });

  it('a flipped byte of an entry: it is neither what was sealed nor what the store has', async () => {
    await flip(disk.file('tile/entries/000'), 20);
    expect(findings(await verifier.verifyWhole())).toEqual([
      'events differs 0',
      'ledger tile-differs 0',
      'ledger root-differs -',
    ]);
  });

  it('a tile that is gone, a bundle that is gone', async () => {
    await rm(disk.file('tile/0/000'));
    expect(findings(await verifier.verifyWhole())).toEqual(['ledger missing-file 0']);
    await rm(disk.file('tile/entries/000'));
    expect(findings(await verifier.verifyWhole())).toEqual(['ledger missing-file 0']);
  });

  it('what cannot be read', async () => {
    const unreadable = new LedgerVerifier({
      first: { read: () => Promise.reject(new Error('EIO: i/o error, read')) },
      second: filesystemLogReader(disk.secondFolder),
      verifier: noteVerifier(signer.vkey),
      counted: false,
      stored: async function* () {},
      pace: async () => undefined,
    });
    expect(findings(await unreadable.verifyWhole())).toEqual(['checkpoint unreadable -']);
  });

  it('an altered event and a removed one, and is content once they are back', async () => {
    stored.set(7, Buffer.from('{}'));
    stored.delete(280);
    stored.delete(299);
    expect(findings(await verifier.verifyWhole())).toEqual([
      'events differs 7',
      'events missing 280',
      'events missing 299',
    ]);
    for (const position of [7, 280, 299]) stored.set(position, entry(position));
    expect(await verifier.verifyNew()).toMatchObject({ ...sized(300n), whole: true });
  });

  it('of a store that gives no positions the first difference, since all that follow differ', async () => {
    stored.set(40, Buffer.from('{}'));
    stored.set(50, Buffer.from('{}'));
    expect(findings(await make(true).verifyWhole())).toEqual(['events differs 40']);
  });

  it('twenty, and how many there are beside', async () => {
    stored.clear();
    const outcome = await verifier.verifyWhole();
    expect(findings(outcome)).toHaveLength(20);
    expect(outcome).toMatchObject({ more: 280 });
  });

  it('a ledger that is shorter than it was, at once and after a restart', async () => {
    await disk.keep('before');
    await grow(310);
    const first = await verifier.verifyWhole();
    if (first.kind !== 'holds') throw new Error('it does not hold');
    await disk.bringBack('before', 'ledger/checkpoint', 'ledger-second/checkpoint');
    expect(findings(await verifier.verifyNew())).toEqual(['checkpoint rolled-back 300']);
    expect(findings(await make().verifyWhole(first.checkpoint))).toEqual(['checkpoint rolled-back 300']);
    await rm(disk.folder, { recursive: true });
    await rm(disk.secondFolder, { recursive: true });
    expect(findings(await make().verifyWhole(first.checkpoint))).toEqual([
      'second-place missing -',
      'checkpoint missing -',
    ]);
  });

  it('a history that was written and signed anew', async () => {
    const known = await verifier.verifyWhole();
    if (known.kind !== 'holds') throw new Error('it does not hold');
    await rm(disk.folder, { recursive: true });
    await rm(disk.secondFolder, { recursive: true });
    const forged = entries(0, 320).map((bytes, i) => (i === 5 ? Buffer.from('{"forged":true}') : bytes));
    const writer = await LedgerWriter.open(disk, signer, alone);
    writer.append(0n, forged);
    await writer.seal();
    stored = new Map(forged.map((bytes, i) => [i, bytes]));
    expect(findings(await make().verifyWhole(known.checkpoint))).toEqual(['ledger rewritten -']);
  });

  it('a second place that is gone, another history, ahead, or put back', async () => {
    const second = path.join(disk.secondFolder, 'checkpoint');
    await disk.keep('before');
    await verifier.verifyWhole();
    await grow(310);
    await verifier.verifyNew();
    await disk.keep('after');

    await disk.bringBack('before', 'ledger-second/checkpoint');
    expect(findings(await verifier.verifyNew())).toEqual(['second-place rolled-back 300']);
    await disk.bringBack('after', 'ledger-second/checkpoint');
    await disk.bringBack('before', 'ledger/checkpoint');
    expect(findings(await make().verifyWhole())).toEqual(['second-place ahead 310']);
    await disk.bringBack('after', 'ledger/checkpoint');
    await rm(second);
    expect(findings(await make().verifyWhole())).toEqual(['second-place missing -']);

    const other = await LedgerOnDisk.make();
    const writer = await other.open();
    writer.append(0n, entries(1, 311));
    await writer.seal();
    await copyFile(path.join(other.secondFolder, 'checkpoint'), second);
    expect(findings(await make().verifyWhole())).toEqual(['second-place differs 310']);
    await other[Symbol.asyncDispose]();
  });

  it('a checkpoint that somebody else signed, or altered', async () => {
    const forger = noteSigner(ORIGIN, Buffer.alloc(32, 2));
    const note = await readFile(disk.file('checkpoint'), 'utf8');
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    await writeFile(disk.file('checkpoint'), `${text}\n${forger.sign(text)}`);
    expect(findings(await verifier.verifyWhole())).toEqual(['checkpoint no-trusted-signature -']);
    await writeFile(disk.file('checkpoint'), note.replace('300', '299'));
    expect(findings(await verifier.verifyWhole())).toEqual(['checkpoint bad-signature -']);
  });
});
