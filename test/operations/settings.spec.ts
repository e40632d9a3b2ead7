import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ControlConfig } from '#apps/control/src/config';
import { readSignOnSettings } from '#apps/control/src/sign-on-settings';
import { HostConfig } from '#apps/host/src/config';
import { Home } from '#apps/host/src/home';
import { serverEnvironment } from '#apps/host/src/server-environment';
import { up } from '#apps/host/src/up';
import { ProjectorConfig } from '#apps/projector/src/config';
import { ProxyConfig } from '#apps/proxy/src/config';
import { SandboxStoreConfig } from '#apps/sandbox-store/src/config';
import { WorkerConfig } from '#apps/worker/src/config';
import { readSinksKey } from '#apps/worker/src/sinks/read-sinks-key';
import { readTrustRoots } from '#catalog/trust-roots';
import { ConfigError, loadConfig, variablesOf } from '#platform/config';
import { KNOWN_SETTINGS } from '#platform/known-settings';
import { openCertificate } from '#platform/tls/certificate-file';
import { readWayOut } from '#upstream/published';
import { ENOUGH, EXAMPLES, SINGLE_SIGN_ON } from './setting-examples.js';

const CLASSES = {
  host: HostConfig,
  control: ControlConfig,
  worker: WorkerConfig,
  projector: ProjectorConfig,
  proxy: ProxyConfig,
  'sandbox store': SandboxStoreConfig,
} as const;
type Reader = keyof typeof CLASSES;
const READERS = Object.keys(CLASSES) as Reader[];

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/reference/settings.md'), 'utf8');
/** The page's rows: variable, and who reads it. */
const documented = [...page.matchAll(/^\| `([A-Z_]+)`\s*\| ([^|]+?)\s*\|/gm)].map(
  ([, variable = '', readBy = '']) => [variable, readersOf(readBy)] as const,
);
/** What the sentence below the table says that the CLI reads. */
const ofTheCli = [...(/^The CLI also reads .*$/m.exec(page)?.[0] ?? '').matchAll(/`([A-Z_]+)`/g)].map(
  ([, variable = '']) => variable,
);

function readersOf(cell: string): Reader[] {
  if (cell === 'all servers') return READERS.filter((each) => each !== 'host');
  if (cell === 'all but the sandbox store') return READERS.filter((each) => each !== 'sandbox store');
  return cell.split(', ').filter((each): each is Reader => each !== 'CLI' && isReader(each, cell));
}

function isReader(word: string, cell: string): word is Reader {
  if (word in CLASSES) return true;
  throw new Error(`settings.md: nobody is called ${word} (${cell})`);
}

function load(reader: Reader, env: Readonly<Record<string, string>>): object {
  return loadConfig<object>(CLASSES[reader], { ...ENOUGH[reader], ...env });
}

function refusal(reader: Reader, variable: string, text: string): readonly string[] {
  try {
    load(reader, { [variable]: text });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.sentences;
  }
}

const cases = documented.flatMap(([variable, readers]) =>
  readers.map((reader) => [variable, reader] as const),
);

/** Not being set is wrong only for whom it must be. */
const checkedHere = cases.filter(([variable, reader]) => {
  const wrong = EXAMPLES[variable]?.wrong;
  return wrong === '' ? ENOUGH[reader]?.[variable] !== undefined : wrong !== undefined;
});

describe('every documented setting', () => {
  it.each(cases)('%s takes effect in %s', (variable, reader) => {
    const { right } = EXAMPLES[variable] ?? { right: '' };
    expect(right, `${variable} has no example`).not.toBe('');
    expect(load(reader, { [variable]: right })).not.toEqual(load(reader, {}));
  });

  it.each(checkedHere)('%s, when it is wrong, stops %s with a sentence that names it', (variable, reader) => {
    const wrong = EXAMPLES[variable]?.wrong ?? 'no example';
    expect(refusal(reader, variable, wrong)).toEqual([expect.stringMatching(`^${variable} `)]);
  });

  it('that any path is right for is looked at when it is opened', async () => {
    const named = (variable: string) => ({
      sentences: [expect.stringMatching(`^${variable} is "/dev/null/x"`)],
    });
    await expect(readSinksKey('/dev/null/x')).rejects.toMatchObject(named('HOLDFAST_SINKS_KEY_FILE'));
    await expect(readTrustRoots('/dev/null/x')).rejects.toMatchObject(named('HOLDFAST_TRUST_ROOTS'));
    await expect(up({ home: '/dev/null/x' })).rejects.toMatchObject(named('HOLDFAST_HOME'));
    const way = { forwardProxy: 'http://a.example', noProxy: '' };
    const credentials = { ...way, forwardProxyCredentialsFile: '/dev/null/x', upstreamCaFile: undefined };
    await expect(readWayOut(credentials)).rejects.toMatchObject(
      named('HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE'),
    );
    const ca = { ...way, forwardProxyCredentialsFile: undefined, upstreamCaFile: '/dev/null/x' };
    await expect(readWayOut(ca)).rejects.toMatchObject(named('HOLDFAST_UPSTREAM_CA_FILE'));
    await expect(readSignOnSettings({ ...SINGLE_SIGN_ON, ssoCaFile: '/dev/null/x' })).rejects.toMatchObject(
      named('HOLDFAST_SSO_CA_FILE'),
    );
    await expect(
      readSignOnSettings({ ...SINGLE_SIGN_ON, ssoClientSecretFile: '/dev/null/x' }),
    ).rejects.toMatchObject(named('HOLDFAST_SSO_CLIENT_SECRET_FILE'));
    const opened = documented
      .map(([variable]) => variable)
      .filter((name) => EXAMPLES[name]?.wrong === undefined);
    expect(opened.sort()).toEqual([
      'HOLDFAST_CERTIFICATE_AUTHORITY_FILE',
      'HOLDFAST_CERTIFICATE_FILE',
      'HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE',
      'HOLDFAST_HOME',
      'HOLDFAST_NODE_DIR',
      'HOLDFAST_NODE_TOKEN_FILE',
      'HOLDFAST_REGISTRATION_FILE',
      'HOLDFAST_RUN_FILE',
      'HOLDFAST_SETTINGS_FILE',
      'HOLDFAST_SINKS_KEY_FILE',
      'HOLDFAST_SPOOL_DIR',
      'HOLDFAST_SSO_CA_FILE',
      'HOLDFAST_SSO_CLIENT_SECRET_FILE',
      'HOLDFAST_TICKET_SYSTEMS_FILE',
      'HOLDFAST_TRUST_ROOTS',
      'HOLDFAST_UPSTREAM_CA_FILE',
    ]);
    await expect(openCertificate('/dev/null')).rejects.toMatchObject({
      sentences: [expect.stringMatching(/^HOLDFAST_CERTIFICATE_FILE is "\/dev\/null": no certificate/)],
    });
    const bucket = { BLOBS_URL: EXAMPLES['BLOBS_URL']?.right ?? '', HOLDFAST_SPOOL_DIR: '' };
    expect(() => load('worker', bucket)).toThrow(/^HOLDFAST_SPOOL_DIR is not set: /);
  });

  it.each([
    ['control', 'HOLDFAST_CONTROL'],
    ['proxy', 'HOLDFAST_PROXY'],
  ] as const)('of %s puts no two things on one port', (reader, prefix) => {
    for (const other of ['_PORT', '_HEALTH_PORT']) {
      const same = { [`${prefix}${other}`]: '4711', [`${prefix}_REDIRECT_PORT`]: '4711' };
      expect(() => load(reader, same)).toThrow(`${prefix}_REDIRECT_PORT is "4711": it must be another port`);
    }
    const free = { [`${prefix}_PORT`]: '0', [`${prefix}_REDIRECT_PORT`]: '0' };
    expect(load(reader, free)).toMatchObject({ port: 0, redirectPort: 0 });
  });

  it.each(cases.filter(([variable]) => variable === 'DATABASE_URL'))(
    '%s is secret: the sentence of %s does not show it',
    (variable, reader) => {
      expect(refusal(reader, variable, 'mysql://me:hunter2@db/x').join()).not.toContain('hunter2');
    },
  );
});

describe('the settings page', () => {
  it.each(READERS)('has what %s reads, and nothing that it does not', (reader) => {
    const rows = documented.filter(([, readers]) => readers.includes(reader)).map(([variable]) => variable);
    expect(rows.sort()).toEqual([...variablesOf(CLASSES[reader])].sort());
  });

  it('has every setting that is known, and no other', () => {
    const all = [...documented.map(([variable]) => variable), ...ofTheCli];
    const own = [...new Set(all)].filter((variable) => variable.startsWith('HOLDFAST_'));
    expect(own.sort()).toEqual([...KNOWN_SETTINGS].sort());
  });
});

describe('holdfast up', () => {
  const servers = ['control', 'worker', 'projector', 'proxy'] as const;
  const settings = { values: new Map(), secrets: new Map() };
  const prepared = { siteKey: Buffer.alloc(32), identity: { origin: 'site.example' }, settings };

  it.each(servers)('hands on to %s all that it reads, and nothing else', (server) => {
    const right = Object.entries(EXAMPLES).map(([variable, { right: text }]) => [variable, text]);
    const given = serverEnvironment(server, {
      home: new Home('/home'),
      prepared,
      ownerUrl: 'postgres://owner@127.0.0.1/holdfast',
      evaluation: false,
      env: Object.fromEntries(right) as Record<string, string>,
      ports: {},
    });
    const settings = Object.keys(given).filter((name) => name.startsWith('HOLDFAST_'));
    const read = variablesOf(CLASSES[server]).filter((name) => name.startsWith('HOLDFAST_'));
    expect(read.filter((name) => !settings.includes(name))).toEqual([]);
    // One environment for the three that every server may have.
    const shared = ['HOLDFAST_LOG_LEVEL', 'HOLDFAST_ZONE', 'HOLDFAST_ORIGIN'];
    expect(settings.filter((name) => !read.includes(name) && !shared.includes(name))).toEqual([]);
  });

  it.each(servers)('tells %s of the network only what it heeds', (server) => {
    const given = serverEnvironment(server, {
      home: new Home('/home'),
      prepared,
      ownerUrl: 'postgres://owner@127.0.0.1/holdfast',
      evaluation: false,
      env: { HTTPS_PROXY: 'http://proxy.example', NODE_EXTRA_CA_CERTS: '/etc/ca.pem' },
      ports: {},
    });
    const reachesOut = server === 'worker' || server === 'proxy';
    expect(given['NODE_EXTRA_CA_CERTS']).toBe(reachesOut ? '/etc/ca.pem' : undefined);
    expect(given).not.toHaveProperty('HTTPS_PROXY');
  });
});
