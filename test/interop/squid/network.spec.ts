import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Device } from '#apps/demo/src/device';
import { roleUrl } from '#platform/database/role-url';
import { TestAuthority } from '#platform/tls/testing/test-authority';
import { Board } from '#test/support/board';
import { CLIENT_ID, CLIENT_SECRET } from '#test/support/identity-provider';
import { offered, trustRootsOf } from '#test/support/device';
import { DeviceWithSerial } from '#test/support/device-with-serial';
import { missingProgram } from '../systemd/unit.js';
import { CONNECTIONS, ROWS_HERE, rowsOfThePage } from './connections.js';
import { HOSTS, INSIDE } from './hosts.js';
import { identified } from './identified.js';
import { BY_THE_FORWARD_PROXY, KNOWN_NAMES, startInside, type Inside } from './inside.js';
import { addressOf, denied, makeZones, removeZones, runIn, unused } from './namespaces.js';
import { startSquid, type Squid } from './squid-program.js';
import { ZoneProgram } from './zone-program.js';

const PASSWORD = 's3cret-of-the-site';
const CONTROL = `http://${addressOf('site')}:8080`;
const SHADOW = `http://${addressOf('site')}:8081`;
const DMZ = `https://${addressOf('dmz')}`;
/** Of control, where a browser would look for it by default. */
const SIGN_ON_PAGE = 'http://localhost:8080/single-sign-on';
const HOST_PROGRAM = 'apps/host/src/main.js';

const missing =
  process.getuid?.() === 0
    ? await missingProgram('ip', 'nft', 'squid', 'openssl')
    : 'the right to make namespaces';

describe.skipIf(missing !== undefined)(
  `a site behind firewalls and a real squid${missing === undefined ? '' : ` (${missing} is missing)`}`,
  () => {
    let folder: string;
    let roots: string;
    let squid: Squid | undefined;
    let board: Board;
    let site: ZoneProgram | undefined;
    /** The proxy in the DMZ. */
    let node: ZoneProgram | undefined;
    let inside: Inside;
    /** The site's settings. */
    let env: Record<string, string>;
    /** In the order in which they were started. */
    const programs: ZoneProgram[] = [];
    const trusted = getCACertificates();

    function started(program: ZoneProgram): ZoneProgram {
      programs.push(program);
      return program;
    }

    /** Starts one of the folder `programs`. @returns the line that it says */
    function ready(...words: Parameters<typeof ZoneProgram.ofTheFolder>): Promise<string> {
      return started(ZoneProgram.ofTheFolder(...words)).line();
    }

    /** A command of the host, where the site is. */
    async function host(settings: Record<string, string>, ...words: readonly string[]): Promise<ZoneProgram> {
      const command = started(ZoneProgram.built('site', settings, HOST_PROGRAM, ...words));
      await command.ended();
      return command;
    }

    const inFolder = (name: string): string => join(folder, name);
    const file = async (name: string, text: string): Promise<string> => {
      await writeFile(inFolder(name), text);
      return inFolder(name);
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'holdfast-network-'));
      // squid gives up being root, and has its files in here.
      await chmod(folder, 0o755);
      await makeZones(CONNECTIONS);
      const ca = TestAuthority.root('The Store');
      const { pem, keyPem } = ca.server(Object.values(HOSTS));
      const [cert, key] = [await file('store.pem', pem), await file('store.key', keyPem)];
      await mkdir(inFolder('database'));
      inside = await startInside(folder, SIGN_ON_PAGE);
      const { authority, ...others } = inside;
      const names = [...KNOWN_NAMES].map((pair) => pair.join('='));
      const [said, databaseUrl, blobsUrl] = await Promise.all([
        ready('world', 'world.ts', folder, addressOf('world'), cert, key, ...Object.values(HOSTS)),
        ready('database', 'database.ts', inFolder('database'), addressOf('database')),
        ready('bucket', 'bucket.ts', INSIDE.bucket, addressOf('bucket')),
        ready('events', 'event-store.ts', addressOf('events')),
        ready('names', 'name-server.ts', addressOf('names'), inFolder('names'), ...names),
        startSquid(inFolder('squid'), BY_THE_FORWARD_PROXY, `holdfast:${PASSWORD}`).then((running) => {
          squid = running;
        }),
        ...Object.values(others).map((program) => started(program).line()),
      ]);
      roots = said;
      await ready('incumbent', 'incumbent.ts', inFolder('old'), inFolder('keys'), addressOf('incumbent'));
      env = {
        DATABASE_URL: databaseUrl,
        EVENTSTORE_URL: `esdb://${addressOf('events')}:2113?tls=false`,
        BLOBS_URL: blobsUrl,
        AWS_ACCESS_KEY_ID: 'S3RVER',
        AWS_SECRET_ACCESS_KEY: 'S3RVER',
        HOLDFAST_HOME: inFolder('home'),
        HOLDFAST_CONTROL_HOST: addressOf('site'),
        HOLDFAST_CONTROL_HEALTH_HOST: addressOf('site'),
        HOLDFAST_WORKER_HEALTH_HOST: addressOf('site'),
        HOLDFAST_PROJECTOR_HEALTH_HOST: addressOf('site'),
        HOLDFAST_PROXY_HOST: addressOf('site'),
        HOLDFAST_PROXY_HEALTH_HOST: addressOf('site'),
        HOLDFAST_SHADOW_OF: `http://${INSIDE.incumbent}`,
        HOLDFAST_TRUST_ROOTS: roots,
        HOLDFAST_UPSTREAM_URL: `https://${HOSTS.api}/`,
        HOLDFAST_UPSTREAM_CA_FILE: await file('ca.pem', ca.pem + authority),
        HOLDFAST_DEVICE_SERVICES: `https://${HOSTS.serials}/vault`,
        HOLDFAST_FORWARD_PROXY: `http://${addressOf('edge')}:3128`,
        HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE: await file('credentials', `holdfast:${PASSWORD}\n`),
        HOLDFAST_NO_PROXY: `${INSIDE.room},${INSIDE.tokens}`,
        HOLDFAST_SSO_ISSUER: `https://${INSIDE.login}`,
        HOLDFAST_SSO_ORIGINS: `https://${INSIDE.tokens}`,
        HOLDFAST_SSO_CLIENT_ID: CLIENT_ID,
        HOLDFAST_SSO_CLIENT_SECRET_FILE: await file('client-secret', `${CLIENT_SECRET}\n`),
        HOLDFAST_SSO_CA_FILE: await file('site-ca.pem', authority),
        HOLDFAST_LOG_LEVEL: 'trace',
      };
      site = started(ZoneProgram.built('site', env, HOST_PROGRAM, 'up'));
      for (const server of [CONTROL, SHADOW]) {
        await vi.waitUntil(() => fetch(server).then(Boolean, () => false), {
          timeout: 110_000,
          interval: 100,
        });
      }
      board = await Board.of(CONTROL, inFolder('home'));
    }, 180_000);

    afterAll(async () => {
      setDefaultCACertificates(trusted);
      for (const program of programs.toReversed()) await program.stop();
      await squid?.stop();
      await removeZones();
      await rm(folder, { recursive: true, force: true });
    });

    it('is told where its events go', async () => {
      const about = ['waiting-for-signatures'];
      const { mail, syslog, room, hooks } = INSIDE;
      const sentBy = { from: 'holdfast@site.example', recipients: ['qa@site.example'] };
      for (const sink of [
        { name: 'room', kind: 'webhook', address: `https://${room}/events` },
        { name: 'hooks', kind: 'webhook', address: `https://${hooks}/events` },
        { name: 'mail', kind: 'mail', address: `smtp://${mail}`, ...sentBy },
        { name: 'siem', kind: 'syslog', address: `syslog+tls://${syslog}` },
      ])
        await board.addSink({ ...sink, about });
      expect([...(await board.sinks()).keys()].toSorted()).toEqual(['hooks', 'mail', 'room', 'siem']);
    });

    it('makes all its connections, and says so', async () => {
      const checked = await host(env, 'check-connections');
      expect(checked.log).toBe(
        [
          `proxy: http://${addressOf('edge')}:3128: OK`,
          `http: https://${HOSTS.api}: OK`,
          `http: https://${HOSTS.serials}: OK`,
          `postgres: ${addressOf('database')}: OK`,
          `bucket: kept: OK`,
          `identity provider: https://${INSIDE.login}: OK`,
          `identity provider: https://${INSIDE.tokens}: OK`,
          `sink room: https://${INSIDE.room}: OK`,
          `sink hooks: https://${INSIDE.hooks}: OK`,
          `sink mail: smtp://${INSIDE.mail}:587: OK`,
          `sink siem: syslog+tls://${INSIDE.syslog}:6514: OK`,
          'All connections appear to be accessible\n',
        ].join('\n'),
      );
    });

    it('captures into the bucket, holds, and looks at upstream again', { timeout: 120_000 }, async () => {
      await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
      expect((await board.sync()).outcome.failures).toEqual([]);
    });

    it(
      'has told its sinks: by the forward proxy and past it, by mail after STARTTLS, and by syslog',
      { timeout: 120_000 },
      async () => {
        const captured = JSON.stringify({ host: INSIDE.room, type: 'holdfast.ArtefactsCaptured' });
        const { webhooks, syslog, mail } = inside;
        const soon = { timeout: 30_000 };
        await expect.poll(() => webhooks.log, soon).toContain(captured);
        await expect.poll(() => webhooks.log, soon).toContain(captured.replace(INSIDE.room, INSIDE.hooks));
        await expect.poll(() => syslog.log, soon).toContain(' ArtefactsCaptured ');
        await expect.poll(() => mail.log, soon).toContain('"port":587,"secure":true,"subject":"Subject: [');
      },
    );

    it(
      'mails nothing in clear: a server that knows of no STARTTLS is given none',
      { timeout: 120_000 },
      async () => {
        const address = `smtp://${INSIDE.mail}:25`;
        const sentBy = { from: 'holdfast@site.example', recipients: ['qa@site.example'] };
        // From the first event on: there is something to tell.
        await board.addSink({ name: 'clear', kind: 'mail', address, ...sentBy, fromPosition: '0' });
        await expect
          .poll(async () => (await board.sinks()).get('clear'), { timeout: 30_000 })
          .toContain('STARTTLS');
        const checked = await host(env, 'check-connections');
        expect(checked.log).toMatch(/^sink clear: smtp:.*:25: the mail server .* at STARTTLS$/m);
        expect(await checked.ended()).toBe(1);
        expect(inside.mail.log).not.toContain('"port":25');
      },
    );

    it('asks its identity provider who somebody is: by the forward proxy, and past it', async () => {
      const said = await identified(CONTROL, 'b-4711', SIGN_ON_PAGE, {
        address: addressOf('login'),
        authority: inside.authority,
      });
      expect(said).toMatchObject({ for: 'sign-in', subject: 'b-4711' });
      const asked = new Set(inside.provider.log.split('\n'));
      expect(asked).toContain(`${INSIDE.login} /.well-known/openid-configuration`);
      expect(asked).toContain(`${INSIDE.tokens} /token`);
      expect(asked).toContain(`${INSIDE.tokens} /jwks`);
    });

    it('has a proxy in the DMZ that is a node, by HTTPS', { timeout: 120_000 }, async () => {
      const reason = ['--reason', 'devices come by HTTPS'];
      const imported = await host(
        env,
        'import-certificate',
        '--selfsigned',
        '--name',
        addressOf('dmz'),
        ...reason,
      );
      expect(imported.log).toContain('Start the servers again');
      const own = inFolder('dmz');
      await mkdir(own);
      await writeFile(join(own, 'token'), `${await board.inviteNode('dmz-1')}\n`);
      await writeFile(join(own, 'proxy.key'), 'ab'.repeat(32));
      const siteKey = Buffer.from(await readFile(inFolder('home/secrets/site.key'), 'utf8'), 'hex');
      const shared = /UPSTREAM|FORWARD|LOG|BLOBS|AWS|SERVICES/;
      const dmz = {
        ...Object.fromEntries(Object.entries(env).filter(([name]) => shared.test(name))),
        DATABASE_URL: roleUrl(String(env['DATABASE_URL']), 'proxy', siteKey),
        HOLDFAST_CONTROL_URL: CONTROL,
        HOLDFAST_NODE_TOKEN_FILE: join(own, 'token'),
        HOLDFAST_NODE_DIR: join(own, 'node'),
        HOLDFAST_PROXY_KEY_FILE: join(own, 'proxy.key'),
        HOLDFAST_KEPT_DIR: join(own, 'kept'),
        HOLDFAST_CACHE_DIR: join(own, 'cache'),
        HOLDFAST_PROXY_URL: DMZ,
        HOLDFAST_PROXY_HOST: addressOf('dmz'),
        HOLDFAST_PROXY_PORT: '443',
        HOLDFAST_PROXY_REDIRECT_PORT: '80',
        HOLDFAST_PROXY_HEALTH_HOST: addressOf('dmz'),
        HOLDFAST_CERTIFICATE_FILE: inFolder('home/secrets/certificate.pem'),
      };
      node = started(ZoneProgram.built('dmz', dmz, 'apps/proxy/src/main.js'));
      setDefaultCACertificates([
        ...trusted,
        await readFile(inFolder('home/certificate-authority.crt'), 'utf8'),
      ]);
      const device = new Device(DMZ, await trustRootsOf({ trustRootsDir: roots }));
      const held = await offered(device, 1);
      expect(await device.fetchAndVerify(held)).toBeGreaterThan(0);
      const relayed = await device.ask('lab-tool', { channel: 'stable' });
      expect(await device.fetchAndVerify(relayed)).toBeGreaterThan(0);
      await expect
        .poll(async () => (await board.nodes()).map(({ name }) => name), { timeout: 30_000 })
        .toContain('dmz-1');
    });

    it('shows devices there the pictures of upstream', async () => {
      const info = await fetch(`${DMZ}/v2/snaps/info/lab-tool?architecture=amd64&fields=media`);
      const { snap } = (await info.json()) as { snap: { media: { url: string }[] } };
      const picture = await fetch(snap.media[0]?.url ?? '');
      expect(new URL(picture.url).origin).toBe(DMZ);
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
    });

    it('sends on who comes there by plain HTTP', async () => {
      const plain = `http://${addressOf('dmz')}/v2/snaps/info/lab-hello`;
      const sentOn = await fetch(plain, { redirect: 'manual' });
      expect([sentOn.status, sentOn.headers.get('location')]).toEqual([
        301,
        `${DMZ}/v2/snaps/info/lab-hello`,
      ]);
      expect((await fetch(plain, { method: 'POST' })).status).toBe(400);
    });

    it('gets a device there its serial, from the service that the site lists and no other, and a session', async () => {
      const elsewhere = DeviceWithSerial.register(DMZ, 'https://other.world.example/vault');
      await expect(elsewhere).rejects.toThrow('device-service-refused');
      const device = await DeviceWithSerial.register(DMZ, `https://${HOSTS.serials}/vault`);
      await device.looksForUpdates({ labhelloidlabhelloidlabhelloid01: 2 });
    });

    it('has a proxy inside that is the shadow of a running one', async () => {
      const device = new Device(SHADOW, await trustRootsOf({ trustRootsDir: roots }));
      const offer = await device.ask('lab-hello', { channel: 'stable' });
      expect(await device.fetchAndVerify(offer)).toBeGreaterThan(0);
    });

    it('is watched by its monitoring, which sees that the shadow compares', async () => {
      const servers = [9080, 9081, 9082, 9083].map((port) => `${addressOf('site')}:${port}`);
      const all = [...servers, `${addressOf('dmz')}:9083`];
      const scrape = `Promise.all(${JSON.stringify(all)}.map((at) => fetch('http://' + at + '/metrics').then((said) => said.text())))
        .then((texts) => console.log(JSON.stringify(texts)))`;
      await vi.waitUntil(
        async () => {
          const texts = JSON.parse(await runIn('monitoring', process.execPath, '-e', scrape)) as string[];
          for (const text of texts) expect(text).toContain('holdfast_');
          return /^holdfast_shadow_requests_total\{endpoint="refresh",outcome="equal"\} [1-9]/m.test(
            texts[3] ?? '',
          );
        },
        { timeout: 30_000, interval: 100 },
      );
    });

    it('has used all that is open, which is each row of the page, and gone nowhere else', async () => {
      expect(ROWS_HERE).toEqual(await rowsOfThePage());
      // squid writes of a tunnel once it has ended.
      await node?.stop();
      await site?.stop();
      const { api, content, media, serials } = HOSTS;
      const through = [
        ...[api, content, serials, INSIDE.hooks, INSIDE.login].map(
          (name) => `${addressOf('site')} holdfast CONNECT ${name}:443 200`,
        ),
        ...[api, content, media, serials].map(
          (name) => `${addressOf('dmz')} holdfast CONNECT ${name}:443 200`,
        ),
      ];
      const asked = async () =>
        // A line without a method is check-connections, which only looks whether squid is there.
        (await squid?.log())?.filter((line) => !line.includes('transaction-end-before-headers'));
      await expect.poll(async () => new Set(await asked()), { timeout: 30_000 }).toEqual(new Set(through));
      // What is outside is for the forward proxy to resolve.
      const names = (await readFile(inFolder('names'), 'utf8')).trim().split('\n');
      expect(new Set(names)).toEqual(new Set(KNOWN_NAMES.keys()));
      expect(await denied()).toEqual([]);
      expect(await unused()).toEqual([]);
    });

    it('would have been seen, had it gone past the proxy or been asked elsewhere', async () => {
      const past = `require('node:net').connect(443, '${addressOf('world')}').on('error', () => process.exit(3)); setTimeout(() => process.exit(4), 300)`;
      await expect(runIn('site', process.execPath, '-e', past)).rejects.toMatchObject({
        code: expect.any(Number) as number,
      });
      const health = `http://${addressOf('site')}:9083/livez`;
      await expect(fetch(health, { signal: AbortSignal.timeout(300) })).rejects.toThrow('timeout');
      expect(await denied()).toEqual([
        `site in: ${addressOf('office')} . 9083`,
        `site out: ${addressOf('world')} . 443`,
      ]);
    });

    it("never says the proxy's password, at any level of its log", async () => {
      const log = programs.map((program) => program.log).join('');
      expect(log).toContain('"level":"debug"');
      const secrets = [PASSWORD, Buffer.from(`holdfast:${PASSWORD}`).toString('base64')];
      for (const secret of secrets) expect(log).not.toContain(secret);
    });

    it('says what is wrong when squid wants other credentials', async () => {
      const wrong = await file('wrong', 'holdfast:other\n');
      const checked = await host(
        { ...env, HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE: wrong },
        'check-connections',
      );
      expect(await checked.ended()).toBe(1);
      expect(checked.log).toContain('it wants other credentials (407)');
      expect(await readFile(inFolder('credentials'), 'utf8')).toContain(PASSWORD);
    });
  },
);
