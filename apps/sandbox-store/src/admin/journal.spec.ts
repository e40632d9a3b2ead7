import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Change } from './change.js';
import { Journal } from './journal.js';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-journal-'));
  file = join(dir, 'changes.jsonl');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const at = '2026-11-24T00:00:00.000Z';
const changes: readonly Change[] = [
  { kind: 'release', at, snap: 'lab-hello', channel: 'latest/stable', revision: 2 },
  { kind: 'release', at, snap: 'lab-hello', channel: 'latest/edge/x', revision: null, architecture: 'arm64' },
  { kind: 'revision', at, snap: 'lab-hello', revision: 6, version: '2.1', architectures: ['amd64'] },
  { kind: 'default-track', at, snap: 'lab-tool', track: null },
];

it('gives back what was appended', () => {
  const journal = new Journal(file);
  for (const change of changes) journal.append(change);
  expect(new Journal(file).read()).toEqual(changes);
});

it('drops a line that a crash cut off, and goes on behind the one before', () => {
  const [first, second] = changes;
  if (first === undefined || second === undefined) throw new Error('two changes');
  new Journal(file).append(first);
  appendFileSync(file, '{"kind":"release","at":"2026');
  const journal = new Journal(file);
  expect(journal.read()).toEqual([first]);
  journal.append(second);
  expect(new Journal(file).read()).toEqual([first, second]);
});

it('names the line that is no change', () => {
  new Journal(file);
  appendFileSync(file, '{"kind":"release"}\n');
  expect(() => new Journal(file).read()).toThrow(/line 1 is no change/);
});
