import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SiteInAHome } from '#apps/host/fixtures/site-in-a-home';
import { readRegistration } from '#site/registration/served-registration';
import { joinAssertions, type Assertion } from '#snap';
import { AUTHORITY, DEVELOPER, TestAuthority, TIMESTAMP } from '#snap/testing/authority';
import { fixtureServer, goneServer, type FixtureServer } from '#upstream/testing/fixture-server';
import { exitCodeOf } from '../exit-code.js';
import { hostProgram } from '../program.js';

const URL = 'https://store.site.example';
const WHY = ['--reason', 'devices of the site shall follow it', '--ticket', 'CHG-9'];
const authority = new TestAuthority();
const operator = authority.account(DEVELOPER);
const key = authority.storeAccountKey();

function storeOf(headers: Record<string, string> = {}): Assertion {
  return authority.sign('store', {
    'authority-id': AUTHORITY,
    store: 'lab-proxy',
    'operator-id': DEVELOPER,
    url: URL,
    timestamp: TIMESTAMP,
    ...headers,
  });
}
const stream = (...assertions: Assertion[]): string => joinAssertions(assertions).toString('utf8');
const bundle = (assertion: string, storeId = 'lab-proxy'): string => {
  const content = {
    domain: 'store.site.example',
    private_key: 'SECRET',
    store_id: storeId,
    store_assertion: assertion,
  };
  return Buffer.from(JSON.stringify(content)).toString('base64').replace(/.{76}/g, '$&\n');
};

let site: SiteInAHome;
let upstream: FixtureServer;
beforeAll(async () => {
  site = await SiteInAHome.make();
  await mkdir(site.in('roots'));
  const roots = [authority.rootAccount(), authority.rootAccountKey()];
  await writeFile(site.in('roots', 'roots.assert'), joinAssertions(roots));
});
beforeEach(async () => {
  const answers = new Map([operator, key].map((each) => [each.primaryKey.join('/'), each.bytes]));
  upstream = await fixtureServer((request, response) => {
    const bytes = [...answers].find(([name]) => request.url?.includes(`/${name}`))?.[1];
    response
      .writeHead(bytes ? 200 : 404, { 'content-type': 'application/x.ubuntu.assertion' })
      .end(bytes ?? '');
  });
});
afterEach(async () => {
  await upstream[Symbol.asyncDispose]();
  await rm(site.home.secret('registration.assert'), { force: true });
});
afterAll(() => site[Symbol.asyncDispose]());

async function run(argv: readonly string[], input = '', env: NodeJS.ProcessEnv = {}): Promise<string> {
  const lines: string[] = [];
  const own = {
    HOLDFAST_HOME: site.home.folder,
    DATABASE_URL: site.ownerUrl,
    HOLDFAST_TRUST_ROOTS: site.in('roots'),
    HOLDFAST_PROXY_URL: URL,
    HOLDFAST_UPSTREAM_URL: upstream.url,
    ...env,
  };
  const program = await hostProgram(
    'register',
    own,
    (line) => lines.push(line),
    Readable.from([Buffer.from(input)]),
  );
  await program.parseAsync(['register', ...argv], { from: 'user' });
  return lines.join('\n');
}

const inPlace = () => readRegistration(site.home.secret('registration.assert'));
const recorded = () =>
  site.query(
    `select body->>'type' as type, body->'data' as data from events.readable where stream = 'registration' order by position`,
  );

describe('register', () => {
  it('takes a stream of assertions, serves it as it is, and records it once', async () => {
    const given = stream(key, operator, storeOf());
    const before = (await recorded()).length;
    const told = await run(WHY, given);
    expect((await inPlace())?.assertions.toString()).toBe(given);
    expect(told).toContain(`curl -fsSL ${URL}/setup | sudo sh`);
    await run(['-', ...WHY], given);
    const events = await recorded();
    expect(events).toHaveLength(before + 1);
    expect(events.at(-1)).toMatchObject({
      type: 'StoreRegistered',
      data: { new: { storeId: 'lab-proxy', operatorId: DEVELOPER, url: URL, revision: 0 } },
    });
  });

  it("takes the incumbent's bundle from a file, and gets the rest of the chain from upstream", async () => {
    await writeFile(site.in('registration_bundle.b64'), bundle(stream(storeOf({ revision: '1' }))));
    await run([site.in('registration_bundle.b64'), ...WHY]);
    const served = await inPlace();
    expect(served).toMatchObject({ storeId: 'lab-proxy', revision: 1 });
    const text = served?.assertions.toString() ?? '';
    expect(text.match(/^type: .+$/gm)?.toSorted()).toEqual([
      'type: account',
      'type: account-key',
      'type: store',
    ]);
    expect(JSON.stringify(await recorded())).not.toContain('SECRET');
    expect(text).not.toContain('SECRET');
  });

  it('puts a copy where a proxy that somebody else starts looks for it', async () => {
    await mkdir(site.home.server('proxy'), { recursive: true });
    await run(WHY, stream(key, operator, storeOf({ revision: '2' })));
    const copy = await readFile(`${site.home.server('proxy')}/registration.assert`, 'utf8');
    expect(copy).toBe((await inPlace())?.assertions.toString());
    await rm(site.home.server('proxy'), { recursive: true });
  });

  it('says what a device needs where the certificate is of a private authority', async () => {
    const authority = site.home.certificateAuthority();
    await writeFile(authority, 'of a private authority');
    const told = await run(WHY, stream(key, operator, storeOf({ revision: '2' })));
    await rm(authority);
    expect(told).toContain(`On each device, with ${authority} copied over by a way that you trust:`);
    expect(told).toContain(`curl -fsSL --cacert certificate-authority.crt ${URL}/setup | sudo sh`);
  });

  it('is taken back, once', async () => {
    await run(WHY, stream(key, operator, storeOf({ revision: '3' })));
    await run([...WHY, '--remove']);
    expect(await inPlace()).toBeUndefined();
    expect((await recorded()).at(-1)).toMatchObject({
      type: 'RegistrationRemoved',
      data: { old: { revision: 3 } },
    });
    await expect(run([...WHY, '--remove'])).rejects.toMatchObject({ code: 'not-registered' });
  });

  it('is taken back by who tries again after a crash between record and file', async () => {
    await run(WHY, stream(key, operator, storeOf({ revision: '4' })));
    const file = site.home.secret('registration.assert');
    const left = await readFile(file);
    await run([...WHY, '--remove']);
    await writeFile(file, left);
    const before = (await recorded()).length;
    await run([...WHY, '--remove']);
    expect(await inPlace()).toBeUndefined();
    expect(await recorded()).toHaveLength(before);
  });
});

describe('register refuses', () => {
  it('a file that is not there, and one that is too large, which is not read to its end', async () => {
    for (const [file, says] of [
      [site.in('none'), `${site.in('none')} cannot be read: `],
      ['/dev/zero', 'it is larger than'],
    ] as const)
      await expect(run([file, ...WHY])).rejects.toMatchObject({
        code: 'not-a-registration',
        message: expect.stringContaining(says) as string,
      });
  });

  const forger = new TestAuthority();
  const forged = forger.sign('store', { ...storeOf().headers, 'authority-id': AUTHORITY });

  it.each<[string, string, string, number]>([
    ['nothing', '', 'not-a-registration', 2],
    ['something else', 'hello there', 'not-a-registration', 2],
    ['JSON that is no bundle', Buffer.from('{"a":1}').toString('base64'), 'not-a-registration', 2],
    ['Base64 of no JSON', Buffer.from('private').toString('base64'), 'not-a-registration', 2],
    ['a chain without a store', stream(key, operator), 'not-a-registration', 2],
    ['two stores', stream(key, operator, storeOf(), storeOf({ store: 'other' })), 'not-a-registration', 2],
    ['a bundle of another store', bundle(stream(storeOf()), 'other'), 'not-a-registration', 2],
    ['half an assertion', stream(storeOf()).slice(0, 200), 'not-a-registration', 2],
    [
      'an address with a query',
      stream(key, operator, storeOf({ url: `${URL}/?a` })),
      'not-a-registration',
      2,
    ],
    ['more than there can be', 'x'.repeat(300_000), 'not-a-registration', 2],
    [
      'another address',
      stream(key, operator, storeOf({ url: 'https://other.example' })),
      'registered-for-another-address',
      5,
    ],
    [
      'http for https',
      stream(key, operator, storeOf({ url: URL.replace('https', 'http') })),
      'registered-for-another-address',
      5,
    ],
    ["another's signature", stream(key, operator, forged), 'assertion-not-found', 7],
  ])('%s, and changes nothing', async (_what, input, code, exitCode) => {
    const before = (await recorded()).length;
    const tried = run(WHY, input);
    await expect(tried).rejects.toMatchObject({ code });
    expect(exitCodeOf(await tried.catch((error: unknown) => error))).toBe(exitCode);
    expect(await inPlace()).toBeUndefined();
    expect(await recorded()).toHaveLength(before);
  });

  it('an edited assertion, whose signature is not of it', async () => {
    const edited = stream(key, operator, storeOf()).replace('store: lab-proxy', 'store: other-one');
    await expect(run(WHY, edited)).rejects.toMatchObject({ code: 'bad-signature' });
  });

  it('to guess how devices reach the proxy, and a chain that it cannot complete', async () => {
    const given = stream(key, operator, storeOf());
    await expect(run(WHY, given, { HOLDFAST_PROXY_URL: '' })).rejects.toThrow(
      `how devices reach this proxy is not known: set HOLDFAST_PROXY_URL=${URL}`,
    );
    const away = { HOLDFAST_UPSTREAM_URL: await goneServer() };
    await expect(run(WHY, stream(storeOf()), away)).rejects.toMatchObject({ code: 'unreachable' });
  });
});
