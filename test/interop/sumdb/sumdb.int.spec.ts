import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LedgerWriter } from '#ledger/published';
import { noteSigner } from '#tlog';
import { GoVerifier, whyNoGo, type Verdict } from './go-verifier.js';

const signer = noteSigner('releases.example.test/site-a', Buffer.alloc(32, 1));
const SIZE = 5_003;
const missing = whyNoGo();

describe.skipIf(missing !== undefined)(`Go's sumdb${missing ? `: ${missing}` : ''}`, () => {
  let go: GoVerifier;
  let root: string;
  let ledger: string;
  let empty: Verdict;

  beforeAll(async () => {
    go = await GoVerifier.build();
    root = await mkdtemp(path.join(tmpdir(), 'holdfast-interop-'));
    ledger = path.join(root, 'ledger');
    const writer = await LedgerWriter.open(
      { folder: ledger, secondFolder: path.join(root, 'second') },
      signer,
      { epoch: 1n, during: (work) => work() },
    );
    empty = await go.verify(ledger, signer.vkey);
    for (let size = 0; size < SIZE; size = Number(writer.size)) {
      const burst = Math.min(SIZE - size, 1 + ((size * 7) % 600));
      const entries = Array.from({ length: burst }, (_, i) =>
        Buffer.from(`{"pos":${size + i},"type":"OverrideApproved"}`),
      );
      writer.append(BigInt(size), entries);
      await writer.seal();
    }
  }, 300_000);

  afterAll(async () => {
    await go[Symbol.asyncDispose]();
    await rm(root, { recursive: true, force: true });
  });

  async function tampered(file: string, change: (bytes: Buffer) => void): Promise<string> {
    const copy = await mkdtemp(path.join(root, 'copy-'));
    await cp(ledger, copy, { recursive: true });
    const bytes = await readFile(path.join(copy, file));
    change(bytes);
    await writeFile(path.join(copy, file), bytes);
    return copy;
  }

  const flip = (at: number) => (bytes: Buffer) => void bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);

  it('verifies the log of nothing', () => {
    expect(empty).toEqual({
      code: 0,
      said: 'releases.example.test/site-a: 0 entries lead to the signed root; 0 tiles equal\n',
    });
  });

  it('verifies what we wrote: signature, entries, tiles', async () => {
    const key = await readFile(path.join(ledger, 'log.vkey'), 'utf8');
    expect(await go.verify(ledger, key)).toEqual({
      code: 0,
      said: `releases.example.test/site-a: ${SIZE} entries lead to the signed root; 21 tiles equal\n`,
    });
  });

  it.each([
    ['tile/entries/007', 30, 'the entries lead to root'],
    ['tile/entries/019.p/139', 100, 'the entries lead to root'],
    ['tile/0/003', 40, 'tile/0/003 is not the tile'],
    ['tile/1/000.p/19', 33, 'tile/1/000.p/19 is not the tile'],
    ['checkpoint', 31, "the checkpoint's signature"],
  ])('refuses a copy with one bit of %s flipped, as we do', async (file, at, said) => {
    const verdict = await go.verify(await tampered(file, flip(at)), signer.vkey);
    expect(verdict.code).toBe(1);
    expect(verdict.said).toContain(said);
  });

  it('refuses the ledger under another key', async () => {
    const other = noteSigner(signer.name, Buffer.alloc(32, 2));
    expect((await go.verify(ledger, other.vkey)).code).toBe(1);
  });
});
