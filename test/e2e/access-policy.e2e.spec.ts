import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { LAB_TOOL } from '#apps/proxy/src/testing/device';
import { Board } from '#test/support/board';
import { startSite, type TestSite } from '#test/support/site';

let folder: string;
let upstream: SandboxStore;
let site: TestSite;
let board: Board;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-upstream-'));
  upstream = await startSandboxStore({ dir: folder, keysDir: join(folder, 'keys') });
  site = await startSite(upstream);
  board = await Board.of(site.urls.control, site.home);
}, 120_000);

afterAll(async () => {
  await site?.stop();
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a device is told that installs a snap: a revision, or the code of an error. */
async function installed(name: string): Promise<string | number> {
  const response = await fetch(`${site.urls.proxy}/v2/snaps/refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'snap-device-architecture': 'amd64' },
    body: JSON.stringify({
      context: [],
      actions: [{ action: 'install', 'instance-key': 'a', name, epoch: null }],
      fields: ['revision', 'download'],
    }),
  });
  const { results } = (await response.json()) as {
    results?: { snap?: { revision: number }; error?: { code: string } }[];
  };
  return results?.[0]?.snap?.revision ?? results?.[0]?.error?.code ?? response.status;
}

/** What was decided reaches the proxy by itself. */
async function reaches(name: string, answer: string | number): Promise<void> {
  await vi.waitUntil(async () => (await installed(name)) === answer, { timeout: 60_000, interval: 50 });
}

it('a ring is gated, and its snaps denied and allowed, by approved change requests', async () => {
  await reaches('lab-tool', 3);
  await board.hold(
    { kind: 'access', access: 'gated' },
    { snap: 'lab-hello', channel: 'stable', revision: 1 },
    { kind: 'allow', snap: 'lab-multi' },
  );
  await reaches('lab-tool', 'revision-not-found');
  expect(await installed('lab-hello')).toBe(1);
  expect(await installed('lab-multi')).toBeTypeOf('number');

  await board.hold({ kind: 'deny', snap: 'lab-hello' }, { kind: 'allow', snap: 'lab-multi', listed: false });
  await reaches('lab-hello', 'name-not-found');
  expect(await installed('lab-multi')).toBe('revision-not-found');
  expect(await board.get('/v1/access')).toMatchObject({
    access: 'gated',
    since: { changeRequest: expect.stringMatching(/^CR-/) as string },
    denied: [{ name: 'lab-hello' }],
    allowed: [],
  });

  await board.hold({ kind: 'deny', snap: 'lab-hello', listed: false }, { kind: 'access', access: 'open' });
  await reaches('lab-hello', 1);
  expect(await installed('lab-tool')).toBe(3);
}, 180_000);

it('a halt reaches devices at once, and is ended by an approved change request that names it', async () => {
  await reaches('lab-tool', 3);
  // Nothing here knows its name yet: only its id says what it is.
  await board.halt('default', LAB_TOOL);
  await reaches('lab-tool', 'name-not-found');
  expect(await installed('lab-hello')).toBe(1);
  await board.halt('default');
  await reaches('lab-hello', 'name-not-found');

  const resume = await board.submit({ kind: 'resume-ring' }, { kind: 'resume', snap: LAB_TOOL });
  await board.halt('default');
  expect(await board.approve(resume)).toMatchObject({ status: 'stale' });
  expect(await installed('lab-hello')).toBe('name-not-found');

  await board.hold({ kind: 'resume-ring' }, { kind: 'resume', snap: LAB_TOOL });
  await reaches('lab-hello', 1);
  expect(await installed('lab-tool')).toBe(3);
}, 180_000);

it('a ring that is set to block does not serve a snap of another publisher until it is approved anew', async () => {
  await board.hold({ kind: 'publisher-changes', publisherChanges: 'block' });
  // Seen once before it changes.
  await board.sync();
  upstream.declare('lab-hello', { publisher: 'otherotherotherotherotherother00' });
  await board.sync();
  await reaches('lab-hello', 'name-not-found');
  expect(await board.get('/v1/access')).toMatchObject({
    publisherChanges: 'block',
    blocked: [{ name: 'lab-hello', because: expect.any(String) as string }],
  });
  await board.hold({ kind: 'unblock', snap: 'lab-hello' });
  await reaches('lab-hello', 1);
}, 180_000);
