import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setDefaultCACertificates, getCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Device } from '#apps/demo/src/device';
import { filesIn } from '#apps/host/fixtures/folders';
import { authorityOf } from '#apps/sandbox-store/src/keys/authority';
import { openKeyFolder } from '#apps/sandbox-store/src/keys/key-files';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
import { freePort } from '#platform/database/free-port';
import { TestAuthority } from '#platform/tls/testing/test-authority';
import { signAssertion } from '#snap';
import { DeviceWithSerial } from '#test/support/device-with-serial';
import { offered, trustRootsOf } from '#test/support/device';
import { OldProxy } from '#test/support/old-proxy';
import { Terminal, type Foreground } from '#test/support/terminal';
import { TutorialPage, type Block } from '#test/support/tutorial-page';
import { secretOf, type, typeUntil } from '#test/support/tutorial-typing';
import { forwardProxy, type TestForwardProxy } from '#upstream/testing/forward-proxy';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const OPERATOR = 'labdevlabdevlabdevlabdevlabdev00';
const HELLO = 'labhelloidlabhelloidlabhelloid01';
const TOOL = 'labtoolidlabtoolidlabtoolidlab02';
const BARE = 'EISPgh06mRh1vordZY9OZ34QHdd7OrdR';
const SNAPD = 'PMrrV4ml8uWuEUDBT8dSGnKUYbevVhc4';
const PASSWORD = 'correct horse battery staple 7';
/** What the forward proxy knows the old proxy by, and then the site. */
const [USER, SECRET] = ['old-proxy', 'p@ss/of the site%'];

let folder: string;
let upstream: SandboxStore;
let database: EmbeddedPostgres;
let old: OldProxy;
let between: TestForwardProxy;
let programs: Server;
let device: Device;
let ports: Record<'http' | 'https' | 'control' | 'beside' | 'httpBehind' | 'behind', number>;
let page: TutorialPage;
let people: TutorialPage;
let beside: Block;
let site: Foreground | undefined;
let terminals: Record<'host' | 'first' | 'second' | 'ana' | 'ben', Terminal>;
const trusted = getCACertificates();
const at = (name: string): string => join(folder, name);

/** What stands in the page, and what it is here; all else is typed as it stands. */
function replaced(): readonly (readonly [string, string])[] {
  return [
    ['http://localhost/', `http://localhost:${ports.http}/`],
    ['https://store.site.example', `https://localhost:${ports.https}`],
    ['https://store.site.example:', 'https://localhost:'],
    ['store.site.example:8080:', `localhost:${ports.control}:`],
    ['8080', String(ports.control)],
    ['8081', String(ports.beside)],
    [
      'proxy.port.http=80 proxy.port.https=443',
      `proxy.port.http=${ports.http} proxy.port.https=${ports.https}`,
    ],
    ['8088', String(ports.httpBehind)],
    ['8443', String(ports.behind)],
    ['http://proxy.site.example:3128', between.url],
    ['postgres://owner:…@db.site.example/holdfast', database.ownerUrl],
    ['core18 core20 jq', 'lab-hello lab-tool'],
    ['core18', 'lab-hello'],
    ['CR-2026-', `CR-${new Date().getUTCFullYear()}-`],
    ['1722', '1'],
    ['revision 1725', 'revision 2'],
    ['revision 1722', 'revision 1'],
    ['core22=1380', 'lab-tool=3'],
  ];
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-move-in-'));
  for (const name of ['dist', 'node_modules', 'package.json']) await symlink(join(CHECKOUT, name), at(name));
  upstream = await startSandboxStore({ dir: at('store'), keysDir: at('keys') });
  upstream.release('lab-hello', 'stable', 2);
  database = await EmbeddedPostgres.start({
    folder: at('pg'),
    passwordFile: at('pg-password'),
    durable: false,
  });
  const [http = 0, https = 0, control = 0, beside = 0, httpBehind = 0, behind = 0] = await Promise.all(
    Array.from({ length: 6 }, () => freePort()),
  );
  ports = { http, https, control, beside, httpBehind, behind };
  const authority = TestAuthority.root('Site Authority');
  const certificate = authority.server(['localhost']);
  await writeFile(at('authority.pem'), authority.pem);
  setDefaultCACertificates([...trusted, authority.pem]);
  const keys = openKeyFolder(at('keys'));
  const headers = {
    'authority-id': authorityOf(keys).accountId,
    store: 'lab-proxy',
    'operator-id': OPERATOR,
    url: `https://localhost:${https}`,
    timestamp: '2024-01-02T03:04:05Z',
  };
  const registration = Buffer.from(signAssertion({ type: 'store', headers }, keys.store));
  between = await forwardProxy(`Basic ${Buffer.from(`${USER}:${SECRET}`).toString('base64')}`);
  old = new OldProxy(
    upstream.url,
    registration,
    certificate.pem + authority.pem,
    certificate.keyPem,
    { http, https },
    between.url.replace('//', `//${USER}:${encodeURIComponent(SECRET)}@`),
  );
  old.overrides.set('lab-hello', 1);
  await old.start();
  device = new Device(`https://localhost:${https}`, await trustRootsOf(upstream));
  programs = await programsOfOthers();
  page = TutorialPage.read('docs/tutorials/move-in.md', replaced());
  people = TutorialPage.read('docs/tutorials/first-override.md', [], 'People');
  const terminal = (name: string) => new Terminal(folder, name, settings(name));
  terminals = {
    host: terminal('host'),
    first: terminal('first'),
    second: terminal('second'),
    ana: terminal('ana'),
    ben: terminal('ben'),
  };
}, 120_000);

afterAll(async () => {
  setDefaultCACertificates(trusted);
  await site?.interrupt();
  programs?.close();
  await old?.stop();
  await database?.stop();
  await between?.[Symbol.asyncDispose]();
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A person's own folder, and what this machine must be told since others use it too. */
function settings(name: string): Record<string, string> {
  return {
    PATH: `${at('bin')}:${process.env['PATH']}`,
    HOME: at(name),
    npm_config_progress: 'false',
    HOLDFAST_TRUST_ROOTS: upstream.trustRootsDir,
    HOLDFAST_CONTROL_PORT: String(ports.control),
    HOLDFAST_CONTROL_HEALTH_PORT: '0',
    HOLDFAST_WORKER_HEALTH_PORT: '0',
    HOLDFAST_PROJECTOR_HEALTH_PORT: '0',
    HOLDFAST_PROXY_HEALTH_PORT: '0',
  };
}

/** `sudo`, `enterprise-store` and `snap`: what is typed is handed over, and answered here. */
async function programsOfOthers(): Promise<Server> {
  const server = createServer((request, response) => {
    void text(request)
      .then((typed) => answer(typed.split('\n')))
      .then(
        (said) => response.end(said),
        (error: unknown) => response.writeHead(400).end(String(error)),
      );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const handOver = `exec curl -sS --fail-with-body --data-binary "$(basename $0; printf '%s\\n' "$SNAPPY_FORCE_API_URL" "$@")" http://127.0.0.1:${port}/`;
  await mkdir(at('bin'));
  for (const [name, line] of [
    // As npm does it, without a second of npm's own each time.
    ['npx', 'shift; exec node_modules/.bin/node dist/apps/cli/src/main.js "$@"'],
    ['sudo', 'exec "$@"'],
    ['enterprise-store', handOver],
    ['snap', handOver],
  ] as const) {
    await writeFile(at(`bin/${name}`), `#!/bin/sh\n${line}\n`);
    await chmod(at(`bin/${name}`), 0o755);
  }
  return server;
}

/** What is typed on other machines: the old proxy's, and a device's. */
async function answer([program, address, ...words]: readonly string[]): Promise<string> {
  if (program === 'enterprise-store') return old.typed(words);
  const [verb, ...more] = words;
  if (verb === 'stop') await old.stop();
  else if (verb === 'start') await old.start();
  else if (verb === 'download') {
    const [basename, name = ''] = more;
    const from = new Device(address ?? '', await trustRootsOf(upstream));
    if (name !== 'lab-hello') throw new Error(`snap download ${name}: not known`);
    const offer = await offered(from, 1);
    await from.fetchAndVerify(offer);
    const content = await (await fetch(offer.url)).arrayBuffer();
    await writeFile(at(`${basename?.replace('--basename=', '')}.snap`), Buffer.from(content));
  } else if (verb === 'refresh') await offered(device, 1);
  else throw new Error(`${program} ${words.join(' ')}: not known`);
  return '';
}

/** Starts the site in the first terminal, after what runs there was stopped, and waits until it is ready. */
async function start(block: Block): Promise<void> {
  await site?.interrupt();
  site = terminals.first.begin(block.commands);
  for (const server of ['control', 'proxy'])
    await site.until(new RegExp(`^${server} +\\| .*"msg":"ready"`, 'm'));
}

/** In the order of docs/tutorials/move-in.md. */
describe('moving in', { timeout: 300_000 }, () => {
  it('takes what the old proxy has, while it serves on, and says what it means here', async () => {
    await type(terminals.host, page.next('1. Take what the old proxy has'));
    const told = await type(terminals.host, page.next('2. See what it means here'));
    for (const form of [SECRET, encodeURIComponent(SECRET)]) expect(told).not.toContain(form);
    await type(terminals.host, page.next('2. See what it means here'));
    expect((await offered(device, 1)).revision).toBe(1);
  });

  it('starts beside it, on another port', async () => {
    beside = page.next('3. Start beside the old one');
    const moved = await readFile(at('moved/environment'), 'utf8');
    expect(moved).toContain(`HOLDFAST_PROXY_URL="https://localhost:${ports.https}"\n`);
    await start(beside);
    const asked = between.asked.length;
    await type(terminals.second, page.next('3. Start beside the old one'));
    expect(between.asked.length).toBeGreaterThan(asked);
  });

  it('serves under its name with its certificate, once it was started again', async () => {
    await start(beside);
    const assertions = await fetch(`https://localhost:${ports.beside}/v2/auth/store/assertions`);
    expect(assertions.headers.get('x-assertion-store-id')).toBe('lab-proxy');
    expect(await assertions.text()).toContain('type: account-key');
  });

  it('has people, who choose their passwords', async () => {
    const printed = await type(terminals.second, people.next('People'), [
      ['New password: ', PASSWORD],
      ['Again: ', PASSWORD],
      ['Password of admin: ', PASSWORD],
    ]);
    for (const login of ['ana', 'ben'] as const) {
      const secret = secretOf(login, printed);
      const told = await terminals[login].run(`npx holdfast password ${login}`, [
        ['Enrolment secret: ', secret],
        ['New password: ', PASSWORD],
        ['Again: ', PASSWORD],
      ]);
      expect(told).toContain(`the password of ${login} is set`);
    }
  });

  it('knows the forward proxy’s password as a secret of its own, and no file of the move does', async () => {
    const heading = 'The password of a forward proxy';
    const printed = [
      await type(terminals.second, page.next(heading)),
      await type(terminals.ana, page.next(heading), [['Password of ana: ', PASSWORD]]),
      site?.printed ?? '',
    ];
    await start(page.next(heading));
    for (let n = 0; n < 2; n++) printed.push(await type(terminals.second, page.next(heading)));
    for (const text of [...printed, site?.printed]) expect(text).not.toContain(SECRET);
    expect(await readFile(at('moved/environment'), 'utf8')).not.toContain('FORWARD_PROXY');
    const holding = [...(await filesIn(at('moved'))), ...(await filesIn(at('.holdfast')))]
      .filter(([, text]) => text.includes(SECRET))
      .map(([name]) => name);
    expect(holding).toEqual(['secrets/setting.forward-proxy-credentials']);
  });

  it('asks for all overrides in one change request, to be approved', async () => {
    const heading = '4. Ask for the overrides, once';
    const asked = between.asked.length;
    await type(terminals.ana, page.next(heading), [
      ['Password of ana: ', PASSWORD],
      ['Password: ', PASSWORD],
      ['Your login: ', 'ana'],
    ]);
    await typeUntil(terminals.ana, page.next(heading));
    await type(terminals.ben, page.next(heading), [
      ['Password of ben: ', PASSWORD],
      ['with your signature: ', PASSWORD],
      ['Your login: ', 'ben'],
    ]);
    const listed = await typeUntil(terminals.ana, page.next(heading));
    expect(listed).toMatch(/^lab-hello +stable +amd64 +1 /m);
    // The capture went out by the forward proxy, which answers nobody whom it does not know.
    expect(between.asked.slice(asked)).toContainEqual(expect.stringContaining('/v2/snaps/refresh'));
  });

  it('gives out beside the old proxy what that one gives out', async () => {
    const heading = '5. Compare';
    await start(page.next(heading));
    await type(terminals.host, page.next(heading));
    await type(terminals.host, page.next(heading));
    expect((await readFile(at('new.snap'))).equals(await readFile(at('old.snap')))).toBe(true);
  });

  it('stands in front of the old proxy, which answers, and says what differs', async () => {
    const heading = '6. Compare with live requests';
    await site?.interrupt();
    await type(terminals.host, page.next(heading));
    // From now on the two of them differ.
    old.overrides.delete('lab-hello');
    await start(page.next(heading));
    const offer = await offered(device, 2);
    expect(await device.fetchAndVerify(offer)).toBeGreaterThan(0);
    const printed = await typeUntil(terminals.ana, page.next(heading));
    expect(printed).toMatch(/^Differing: +[1-9]/m);
    expect(printed).toMatch(/^Not compared, not-comparable: +[1-9]/m);
  });

  it('takes the old proxy’s place, and no device is touched, not even one that is being answered', async () => {
    const heading = '7. Cut over';
    const begun = await fetch(`https://localhost:${ports.https}/download/slow`);
    const started = start(page.next(heading));
    old.finishSlow();
    expect(await begun.text()).toBe('begun, and ended');
    await started;
    await type(terminals.host, page.next(heading));
    const offer = await offered(device, 1);
    expect(offer.url.startsWith(`https://localhost:${ports.https}/`)).toBe(true);
    expect(await device.fetchAndVerify(offer)).toBeGreaterThan(0);
    await type(terminals.host, page.next(heading));
    await type(terminals.ana, page.next(heading));
  });

  it('holds what devices have, once they have said so', async () => {
    const heading = '8. Hold what devices have';
    const all = { [BARE]: 5, [SNAPD]: 100, [HELLO]: 1 };
    for (const has of [{ [TOOL]: 3 }, { [TOOL]: 3 }, { [TOOL]: 4, ['x'.repeat(32)]: 1 }]) {
      const one = await DeviceWithSerial.register(`https://localhost:${ports.https}`);
      await one.looksForUpdates({ ...all, ...has });
    }
    await typeUntil(terminals.ana, page.next(heading), [
      /^Devices: 3; reports that no store vouches for: 0$/m,
      /^snapd +stable +amd64 +100 +3 +0 +upstream$/m,
      /Held already:\nSnap .*\nlab-hello +stable +amd64 +1 +3 +0 +1$/m,
      /^lab-tool +stable +amd64 +4 +1$/m,
      /^x{32} .*not known upstream/m,
      /Devices differ/,
    ]);
    await expect(terminals.ana.run('npx holdfast baseline --reason undecided')).rejects.toThrow(
      'exit code 5',
    );

    await type(terminals.ana, page.next(heading));
    await typeUntil(terminals.ana, page.next(heading));
    await type(terminals.ben, page.next(heading), [['with your signature: ', PASSWORD]]);
    const listed = { heading, commands: 'npx holdfast list-overrides', shows: [] };
    const printed = await typeUntil(terminals.ana, listed, [/^snapd /m]);
    const held = printed.matchAll(/^(\S+) +(\S+) +amd64 +(\d+)/gm);
    expect([...held].map(([, ...columns]) => columns.join(' '))).toEqual([
      'bare stable 5',
      'lab-hello stable 1',
      'lab-tool stable 3',
      'snapd stable 100',
    ]);
  });

  it('goes back by the same way', async () => {
    const heading = 'Go back';
    await type(terminals.host, page.next(heading));
    await start(page.next(heading));
    expect((await offered(device, 2)).revision).toBe(2);
    await site?.interrupt();
    await type(terminals.host, page.next(heading));
    expect((await offered(device, 2)).revision).toBe(2);
    expect([...page.left(), ...people.left()]).toEqual([]);
  });
});
