import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryLog, noteSigner } from '#tlog';
import { Findings } from '../findings.js';
import { History, type Happened } from './history.js';
import { AuditedLedger } from './ledger.js';

const signer = noteSigner('site.example', Buffer.alloc(32, 1));

let folder: string;
let ledger: AuditedLedger;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-audited-'));
  ledger = new AuditedLedger(folder, signer.vkey);
});
afterEach(() => rm(folder, { recursive: true }));

/** The files of a ledger of these entries, in place of what was there. */
async function seal(entries: readonly string[], by = signer): Promise<void> {
  const { files } = new MemoryLog(
    entries.map((entry) => Buffer.from(entry)),
    by,
  );
  for (const [name, content] of files) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
}

/** What is found when the event store has these. */
async function findings(...events: readonly string[]): Promise<string> {
  const [history, found] = [new History(), new Findings()];
  for (const [position, event] of events.entries()) {
    const sha256 = createHash('sha256').update(event).digest('hex');
    history.events.push({ position, sha256 } as unknown as Happened);
  }
  await ledger.compare(history, found, () => Promise.resolve());
  return found.all.join('\n');
}

describe('the ledger against the event store', () => {
  it('has nothing to say of what is as it must be, also when it has grown', async () => {
    await seal(['a', 'b']);
    expect(await findings('a', 'b')).toBe('');
    await seal(['a', 'b', 'c']);
    expect(await findings('a', 'b', 'c')).toBe('');
  });

  it('finds another event, a lost one, one that is not sealed', async () => {
    await seal(['a', 'b']);
    expect(await findings('a', 'x')).toMatch(/entry 1 of the ledger is not the event/);
    expect(await findings('a')).toMatch(/the ledger seals 2 of 1 events/);
    expect(await findings('a', 'b', 'c')).toMatch(/the ledger seals 2 of 3 events/);
  });

  it('finds an older state, a second history, and what another key signed', async () => {
    await seal(['a', 'b', 'c']);
    expect(await findings('a', 'b', 'c')).toBe('');
    await seal(['a', 'b']);
    expect(await findings('a', 'b')).toMatch(/^the ledger: /);
    await seal(['a', 'x', 'c']);
    expect(await findings('a', 'x', 'c')).toMatch(/^the ledger: /);
    await seal(['a', 'b', 'c'], noteSigner('site.example', Buffer.alloc(32, 2)));
    expect(await findings('a', 'b', 'c')).toMatch(/^the ledger: /);
  });

  it('finds a checkpoint that goes back, or does not verify, at any moment', async () => {
    await seal(['a', 'b']);
    const found = new Findings();
    const unwatch = ledger.watch(found);
    try {
      await delay(100);
      expect(found.all).toEqual([]);
      await seal(['a']);
      await delay(100);
      await writeFile(path.join(folder, 'checkpoint'), 'half a check');
      await delay(100);
    } finally {
      unwatch();
    }
    expect(found.all).toContain('the checkpoint went back from 2 to 1 entries');
    expect(found.all.join('\n')).toMatch(/^a reader of the checkpoint: /m);
  });
});
