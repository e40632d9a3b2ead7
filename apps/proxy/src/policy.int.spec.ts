import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { policyBytes, policyKeyName, policyNoteText, type PolicyEntry } from '#release-control/published';
import { noteSigner, signNote } from '#tlog';
import { Device } from './testing/device.js';
import { policyKey, ProxySite, type RunningProxy } from './testing/proxy-site.js';

let site: ProxySite;
let hello2: PolicyEntry[];
let hello5: PolicyEntry[];
let cache = 0;

beforeAll(async () => {
  site = await ProxySite.start();
  hello2 = await site.capture('lab-hello', 'stable', 2);
  hello5 = await site.capture('lab-hello', 'stable', 5);
});
afterAll(async () => site.close());

/** Each test starts with revision 2 held, and a proxy without a past. */
let proxy: RunningProxy;
beforeEach(async () => {
  await site.hold(...hello2);
  proxy = await site.proxy(`cache-${++cache}`);
  await proxy.events.until(`obeyed ${site.position}`);
});
afterEach(async () => {
  await proxy.stop();
  await site.database.shut();
  await site.database.reopen();
});

async function revision(of = proxy): Promise<number | undefined> {
  return (await new Device(of.url).install('lab-hello')).snap?.revision;
}

async function restart(): Promise<void> {
  await proxy.stop();
  proxy = await site.proxy(`cache-${cache}`);
}

it('obeys a new policy when it is told of one', async () => {
  await site.hold(...hello5);
  await proxy.events.until(`obeyed ${site.position}`);
  expect(await revision()).toBe(5);
});

it('copies a manifest as soon as there is room, also when no other policy comes', async () => {
  const copies = join(site.folder, `cache-${cache}`, 'manifests');
  const names = hello5.map(({ manifest }) => `${manifest}.json`);
  for (const name of names) await mkdir(join(copies, `${name}.new`), { recursive: true });
  await site.hold(...hello5);
  await proxy.events.until('policy not saved');
  expect(await revision()).toBe(5);
  for (const name of names) await rm(join(copies, `${name}.new`), { recursive: true, force: true });
  await vi.waitFor(async () => expect(await readdir(copies)).toEqual(expect.arrayContaining(names)), 15_000);
}, 30_000);

it('lets go of a snap that is not held any more', async () => {
  await site.hold();
  await proxy.events.until(`obeyed ${site.position}`);
  expect(await revision()).toBe(1);
});

describe('without the database', () => {
  it('serves on, and follows again when it is back', async () => {
    await site.database.shut();
    await proxy.events.until('database gone');
    expect(await revision()).toBe(2);
    await site.hold(...hello5);
    await site.database.reopen();
    await proxy.events.until(`obeyed ${site.position}`);
    expect(await revision()).toBe(5);
  });

  it('serves after a restart too, also with the kept manifests out of reach', async () => {
    await site.database.shut();
    await proxy.stop();
    const kept = join(site.folder, 'kept');
    await rename(kept, `${kept}-away`);
    try {
      proxy = await site.proxy(`cache-${cache}`);
      expect(await revision()).toBe(2);
    } finally {
      await rename(`${kept}-away`, kept);
    }
  });

  it('serves nothing when it never had a policy: fail static, never open', async () => {
    await site.database.shut();
    await proxy.stop();
    proxy = await site.proxy(`cache-${++cache}`);
    const answer = await new Device(proxy.url).post({
      context: [],
      actions: [{ action: 'install', 'instance-key': 'install-1', name: 'lab-tool', epoch: null }],
    });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ 'error-list': [{ code: 'no-policy' }] });
    expect((await fetch(proxy.url, { method: 'HEAD' })).status).toBe(200);
    for (const method of ['GET', 'HEAD'])
      expect((await fetch(`${proxy.url}/_status/check`, { method })).status).toBe(503);
  });
});

describe('a row that must not be obeyed', () => {
  it('is refused when it was edited, and the last good one is served on', async () => {
    const document = await site.hold(...hello2);
    await proxy.events.until(`obeyed ${document.position}`);
    const edited = { ...document, entries: hello5 };
    await site.write(policyBytes(edited), signNote(policyNoteText(document), [policyKey]), document.position);
    await proxy.events.until('refused policy-bad-signature');
    expect(await revision()).toBe(2);
  });

  it('is refused when another key signed it', async () => {
    const document = await site.hold(...hello2);
    await proxy.events.until(`obeyed ${document.position}`);
    const next = { ...document, position: String(++site.position), entries: hello5 };
    const other = noteSigner(policyKeyName(document.origin), Buffer.alloc(32, 9));
    await site.write(policyBytes(next), signNote(policyNoteText(next), [other]), next.position);
    await proxy.events.until('refused policy-bad-signature');
    expect(await revision()).toBe(2);
  });

  it.each([
    ['site', { origin: 'holdfast.example/other' }, 'policy-of-another-site'],
    ['ring', { ring: 'pilot' }, 'policy-of-another-ring'],
  ])('is refused when it is for another %s', async (_, change, code) => {
    const document = await site.hold(...hello2);
    await proxy.events.until(`obeyed ${document.position}`);
    const other = { ...document, ...change, position: String(++site.position), entries: hello5 };
    await site.write(policyBytes(other), signNote(policyNoteText(other), [policyKey]), other.position);
    await proxy.events.until(`refused ${code}`);
    expect(await revision()).toBe(2);
  });

  it('is refused when it is of an older position, also after a restart', async () => {
    const old = await site.hold(...hello5);
    const newer = await site.hold(...hello2);
    await proxy.events.until(`obeyed ${newer.position}`);
    await site.write(policyBytes(old), signNote(policyNoteText(old), [policyKey]), old.position);
    await proxy.events.until('refused policy-rolled-back');
    expect(await revision()).toBe(2);
    await restart();
    await proxy.events.until('refused policy-rolled-back');
    expect(await revision()).toBe(2);
  });

  it('is refused when it says something else at the same position', async () => {
    const document = await site.hold(...hello2);
    await proxy.events.until(`obeyed ${document.position}`);
    const fork = { ...document, entries: hello5 };
    await site.write(policyBytes(fork), signNote(policyNoteText(fork), [policyKey]), fork.position);
    await proxy.events.until('refused policy-forked');
    expect(await revision()).toBe(2);
  });

  it('gives way to a good one', async () => {
    await site.write(Buffer.from('{}'), 'no note', '0');
    await proxy.events.until('refused policy-bad-signature');
    await site.hold(...hello5);
    await proxy.events.until(`obeyed ${site.position}`);
    expect(await revision()).toBe(5);
  });
});

it.each(['', 'no json', '{"document":"e30=","note":"no note"}'])(
  'takes no policy from a file that holds %j, and the one of the database instead',
  async (text) => {
    await proxy.stop();
    await writeFile(join(site.folder, `cache-${cache}`, 'policy', 'default.json'), text);
    proxy = await site.proxy(`cache-${cache}`);
    await proxy.events.until(`obeyed ${site.position}`);
    expect(proxy.events.seen[0]).toMatch(/^refused /);
    expect(await revision()).toBe(2);
  },
);

it('answers an error, not another revision, while a held manifest cannot be read, and repairs itself', async () => {
  const kept = join(site.folder, 'kept');
  await rename(kept, `${kept}-away`);
  await site.hold(...hello5);
  const fresh = await site.proxy(`cache-${++cache}`);
  try {
    await fresh.events.until(`obeyed ${site.position}`);
    expect(await new Device(fresh.url).install('lab-hello')).toMatchObject({
      result: 'error',
      name: 'lab-hello',
      error: { code: 'held-revision-unavailable' },
    });
    expect(fresh.events.seen).toContain('manifest unusable lab-hello');
  } finally {
    await rename(`${kept}-away`, kept);
  }
  await expect.poll(() => revision(fresh), { timeout: 10_000 }).toBe(5);
  await fresh.stop();
});

it('uses no local copy of a manifest that was edited', async () => {
  await proxy.stop();
  const folder = join(site.folder, `cache-${cache}`, 'manifests');
  for (const name of await readdir(folder)) await writeFile(join(folder, name), '{}');
  proxy = await site.proxy(`cache-${cache}`);
  expect(await revision()).toBe(2);
  await rm(folder, { recursive: true });
});
