import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SiteInAHome } from '#apps/host/fixtures/site-in-a-home';
import { decodeEvent, type EventEnvelope } from '#kernel';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { describeCertificate } from '#platform/tls/certificate-facts';
import { readPair } from '#platform/tls/tls-pair';
import { TestAuthority, type Issued } from '#platform/tls/testing/test-authority';
import { hostProgram } from '../program.js';
import { writeServerFolders } from '../server-folders.js';
import { keyFiles } from '../key-files.js';
import { prepare } from '../prepare.js';

const HOST = 'store.site.example';
const WHY = ['--reason', 'the old one ends in May', '--reason-code', 'renewal', '--ticket', 'CHG-7'];
const root = TestAuthority.root('Site Root');
const middle = root.authority('Site Authority');
const [one, two] = [middle.server([HOST]), middle.server([HOST])];
const textOf = ({ pem, keyPem }: Issued) => keyPem + root.pem + pem + middle.pem;
const PROXY = { HOLDFAST_PROXY_URL: `https://${HOST}` };

let site: SiteInAHome;
let recordedBefore = 0;
beforeAll(async () => {
  site = await SiteInAHome.make();
});
afterEach(async () => {
  const pair = await stat(site.home.secret('certificate.pem')).catch(() => undefined);
  if (pair) await run([...WHY, '--remove']);
  for (const name of await secrets()) await rm(site.home.secret(name));
  recordedBefore += (await events()).length;
});
afterAll(() => site[Symbol.asyncDispose]());

async function run(argv: readonly string[], input = '', env: NodeJS.ProcessEnv = PROXY): Promise<string> {
  const lines: string[] = [];
  const own = { HOLDFAST_HOME: site.home.folder, DATABASE_URL: site.ownerUrl, ...env };
  const program = await hostProgram(
    'import-certificate',
    own,
    (line) => lines.push(line),
    Readable.from([Buffer.from(input)]),
  );
  for (const command of program.commands) command.configureOutput({ writeErr: () => undefined });
  await program.parseAsync(['import-certificate', ...argv], { from: 'user' });
  return lines.join('\n');
}

/** Of this test. */
async function events(): Promise<EventEnvelope[]> {
  const store = new PostgresEventStore(site.ownerUrl);
  const found: EventEnvelope[] = [];
  for await (const { bytes } of store.readStream('certificate')) found.push(decodeEvent(bytes));
  await store.close();
  return found.slice(recordedBefore);
}

const inHome = (name: string) => readFile(site.in('home', name), 'utf8');
const inPlace = async () => readPair(await inHome('secrets/certificate.pem'));
const facts = ({ certificate }: Issued) => describeCertificate(certificate);
const secrets = async () =>
  (await readdir(site.in('home', 'secrets'))).filter((name) => name.includes('certificate')).sort();

describe('import-certificate', () => {
  it('puts chain and key in place, records them without the key, and says what clients must do', async () => {
    const told = await run(WHY, textOf(one));
    const pair = await inPlace();
    expect(pair.chain.map((each) => describeCertificate(each).subject)).toEqual([
      `CN=${HOST}`,
      'CN=Site Authority',
    ]);
    expect((await stat(site.in('home', 'secrets', 'certificate.pem'))).mode & 0o777).toBe(0o600);
    const [event, ...more] = await events();
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      type: 'CertificateImported',
      actor: { kind: 'service', id: 'host', for: 'certificate' },
      reason: { code: 'renewal', text: 'the old one ends in May', ticket: 'CHG-7' },
      data: { old: null, new: facts(one) },
    });
    expect(JSON.stringify(event)).not.toContain((one.keyPem.split('\n')[1] ?? '').slice(0, 20));
    expect(told).toContain('Start the servers again');
    expect(told).toContain(`sudo snap set system store-certs.holdfast-`);
    expect(told).toContain('update-ca-certificates');
    expect(await inHome('certificate-authority.crt')).toBe(root.pem);
    expect(await inHome('certificate.crt')).toBe(one.pem + middle.pem + root.pem);
  });

  it('keeps the one before, and records both', async () => {
    await run(WHY, textOf(one));
    const told = await run(WHY, textOf(two));
    expect((await inPlace()).leaf.fingerprint256).toBe(two.certificate.fingerprint256);
    expect(readPair(await inHome('secrets/certificate.previous.pem')).leaf.fingerprint256).toBe(
      one.certificate.fingerprint256,
    );
    expect((await events()).at(-1)?.data).toEqual({ old: facts(one), new: facts(two) });
    expect(told).toContain('without a restart');
    expect(await secrets()).toEqual(['certificate.pem', 'certificate.previous.pem']);
    // And back.
    await run(WHY, await inHome('secrets/certificate.previous.pem'));
    expect((await inPlace()).leaf.fingerprint256).toBe(one.certificate.fingerprint256);
  });

  it('records one once, and puts it in place again', async () => {
    await run(WHY, textOf(one));
    await rm(site.in('home', 'secrets', 'certificate.pem'));
    await run(WHY, textOf(one));
    expect(await events()).toHaveLength(1);
    expect((await inPlace()).leaf.fingerprint256).toBe(one.certificate.fingerprint256);
  });

  it('makes one that signs itself, for all names that we are reached by', async () => {
    const env = { ...PROXY, HOLDFAST_CONTROL_URL: 'https://[2001:db8::7]:8080' };
    const told = await run(
      [...WHY, '--selfsigned', '--days', '30', '--name', 'Other.example', '192.0.2.7'],
      '',
      env,
    );
    const { leaf } = await inPlace();
    expect(describeCertificate(leaf).names).toEqual([
      HOST,
      '2001:DB8:0:0:0:0:0:7',
      'other.example',
      '192.0.2.7',
    ]);
    expect(Math.round((leaf.validToDate.getTime() - Date.now()) / 86_400_000)).toBe(30);
    expect(new X509Certificate(await inHome('certificate-authority.crt')).fingerprint256).toBe(
      leaf.fingerprint256,
    );
    expect(told).toContain('store-certs');
  });

  it('removes it, keeps it, and records that', async () => {
    await run(WHY, textOf(one));
    await run([...WHY, '--remove']);
    expect((await events()).at(-1)).toMatchObject({ type: 'CertificateRemoved', data: { old: facts(one) } });
    expect(await secrets()).toEqual(['certificate.previous.pem']);
    expect((await readdir(site.home.folder)).filter((name) => name.endsWith('.crt'))).toEqual([]);
    await expect(run([...WHY, '--remove'])).rejects.toMatchObject({ code: 'no-certificate-in-use' });
    expect(await events()).toHaveLength(2);
  });

  it('finishes a removal that was interrupted', async () => {
    await run(WHY, textOf(one));
    const kept = site.in('home', 'secrets', 'certificate.pem');
    await copyFile(kept, site.in('copy.pem'));
    await run([...WHY, '--remove']);
    await copyFile(site.in('copy.pem'), kept);
    await run([...WHY, '--remove']);
    expect(await secrets()).toEqual(['certificate.previous.pem']);
    expect(await events()).toHaveLength(2);
  });

  it('puts copies where servers that somebody else starts look for it', async () => {
    const { home, ownerUrl } = site;
    const keys = keyFiles(home, {});
    const prepared = await prepare({ home, keys, ownerUrl, zone: 'Etc/UTC' });
    await writeServerFolders({ home, keys, prepared, ownerUrl });
    await run(WHY, textOf(one));
    const text = await inHome('secrets/certificate.pem');
    for (const server of ['control', 'proxy']) {
      expect(await inHome(`servers/${server}/certificate.pem`)).toBe(text);
      expect(await inHome(`servers/${server}/environment`)).toContain(
        `HOLDFAST_CERTIFICATE_FILE="${home.server(server)}/certificate.pem"`,
      );
    }
    await rm(site.in('home', 'servers', 'proxy', 'certificate.pem'));
    await writeServerFolders({ home, keys, prepared, ownerUrl });
    expect(await inHome('servers/proxy/certificate.pem')).toBe(text);
    const elsewhere = { home, keys, prepared, ownerUrl, certificateFile: site.in('elsewhere.pem') };
    await writeFile(elsewhere.certificateFile, textOf(two));
    await writeServerFolders(elsewhere);
    expect(await inHome('servers/proxy/certificate.pem')).toBe(textOf(two));
    await run([...WHY, '--remove']);
    expect(await readdir(home.server('proxy'))).not.toContain('certificate.pem');
  });

  it('puts it where a setting says', async () => {
    await mkdir(site.in('tls'));
    const file = site.in('tls', 'site.pem');
    await run(WHY, textOf(one), { ...PROXY, HOLDFAST_CERTIFICATE_FILE: file });
    await run(WHY, textOf(two), { ...PROXY, HOLDFAST_CERTIFICATE_FILE: file });
    expect((await readdir(site.in('tls'))).sort()).toEqual(['site.pem', 'site.previous.pem']);
    expect(await secrets()).toEqual([]);
  });
});

it('tells of a stranger in the chain, and of an authority that was not given', async () => {
  const told = await run(WHY, one.keyPem + one.pem + middle.pem + TestAuthority.root('Stranger').pem);
  expect(told).toContain('left out, since it leads nowhere: CN=Stranger');
  expect(told).toContain('the certificate of CN=Site Root, which clients must trust, was not given');
  await writeFile(site.in('home', 'certificate-authority.crt'), 'of the one before');
  await run(WHY, two.keyPem + two.pem + middle.pem);
  expect(await readdir(site.home.folder)).not.toContain('certificate-authority.crt');
});
