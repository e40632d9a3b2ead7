import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { later, systemClock } from '#kernel';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { node, nodeStream } from '#fleet/domain/node/node';
import { NodeFolder } from '#fleet/node/node-folder';
import { forNode } from '#fleet/service-context';
import { StreamWriter } from '#platform/decide-and-append';
import { enrolOwnProxy } from './enrol-own-proxy.js';

const SITE = { origin: 'site.example/log', policyKey: 'policy' };

let own: NodeFolder;
let writer: StreamWriter;
let begun: string;

beforeEach(async () => {
  own = new NodeFolder(await mkdtemp(path.join(tmpdir(), 'holdfast-own-proxy-')));
  writer = new StreamWriter(new InMemoryEventStore(), 'Etc/UTC');
  begun = systemClock.now();
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(own.folder, { recursive: true, force: true });
});

/** The site starts so many days later. @returns the node as it is then */
async function startAfter(days: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(later(begun, days * 86_400_000)) });
  await enrolOwnProxy(own, writer, SITE);
  const { node: name } = (await own.identity()) ?? { node: '' };
  return (await writer.load(node, nodeStream(name))).state;
}

it('R29: the key of the site’s own proxy is replaced at a start after its end, and not before', async () => {
  const first = await startAfter(0);
  const key = await own.key();
  expect(first).toMatchObject({ status: 'enrolled', publicKey: key.publicKey, keyDays: 730 });
  expect(await startAfter(729)).toEqual(first);
  const anew = await startAfter(731);
  const after = await own.key();
  expect(after.publicKey).not.toBe(key.publicKey);
  expect(anew).toMatchObject({
    publicKey: after.publicKey,
    keyBefore: key.publicKey,
    keyExpiresAt: later(begun, (731 + 730) * 86_400_000),
  });
  expect(await own.hasNextKey()).toBe(false);
  expect(await startAfter(732)).toEqual(anew);
});

it('R29: is no way around a token for a proxy that was invited', async () => {
  await startAfter(0);
  const invited = await own.key();
  const context = forNode('control', 'dmz-1', systemClock, { code: 'test', text: 'a test needs a node' });
  const common = { name: 'dmz-1', tokenDigest: 'a1', context } as const;
  const expiresAt = later(begun, 86_400_000);
  const operator = {
    kind: 'person',
    id: 'olga',
    name: 'Olga',
    roles: ['operator'],
    auth: 'session',
  } as const;
  const byOlga = { ...context, actor: operator };
  await writer.decideAndAppend(node, nodeStream('dmz-1'), {
    ...common,
    type: 'InviteNode',
    keyDays: null,
    expiresAt,
    context: byOlga,
  });
  await writer.decideAndAppend(node, nodeStream('dmz-1'), {
    ...common,
    type: 'EnrolNode',
    publicKey: invited.publicKey,
  });
  await own.enrolled({ node: 'dmz-1', ...SITE });
  expect(await startAfter(731)).toMatchObject({ publicKey: invited.publicKey });
});
