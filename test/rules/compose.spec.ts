import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ControlConfig } from '#apps/control/src/config';
import { HostConfig } from '#apps/host/src/config';
import { Home } from '#apps/host/src/home';
import { keyFiles } from '#apps/host/src/key-files';
import { prepare } from '#apps/host/src/prepare';
import { writeServerFolders } from '#apps/host/src/server-folders';
import { ProjectorConfig } from '#apps/projector/src/config';
import { ProxyConfig } from '#apps/proxy/src/config';
import { WorkerConfig } from '#apps/worker/src/config';
import { loadConfig, variablesOf } from '#platform/config';
import { pairText } from '#platform/tls/tls-pair';
import { selfSigned } from '#platform/tls/writing/self-signed';
import { testDatabase } from '#test/support/test-database';

interface Service {
  readonly image: string;
  readonly profiles?: readonly string[];
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes: readonly (string | Mount)[];
  readonly depends_on: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck: { readonly test: readonly string[] };
}

interface Mount {
  readonly source: string;
  readonly target: string;
  readonly read_only: boolean;
  readonly volume: { readonly subpath: string };
}

/** As compose does: `${NAME}`, `${NAME:-default}`, `${NAME:?why}`. */
function interpolated(text: string, more: Readonly<Record<string, string>> = {}): string {
  const given: Record<string, string> = { POSTGRES_PASSWORD: 'pw', MINIO_PASSWORD: 'pw', ...more };
  return text.replace(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (_, name: string, mark: string | undefined, rest: string | undefined) => {
      const value = given[name] ?? (mark === '-' ? rest : undefined);
      if (value === undefined) throw new Error(`nobody sets ${name}`);
      return value;
    },
  );
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}

/** The file, with more of compose's environment set. */
function composed(more?: Readonly<Record<string, string>>): ComposeFile {
  return parse(interpolated(readFileSync('docker-compose.yml', 'utf8'), more), {
    merge: true,
  }) as ComposeFile;
}

const file = composed();

function service(name: string): Service {
  const found = file.services[name];
  if (!found) throw new Error(`there is no service ${name}`);
  return found;
}

const SERVERS = {
  control: ControlConfig,
  worker: WorkerConfig,
  projector: ProjectorConfig,
  proxy: ProxyConfig,
} as const;
type Server = keyof typeof SERVERS;
const servers = Object.keys(SERVERS) as Server[];
const HOME = '/var/lib/holdfast';

let folder: string;
/** What `prepare --servers` gives each server, as it would be in the container. */
const given: Partial<Record<Server, NodeJS.Dict<string>>> = {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-compose-'));
  const home = new Home(folder);
  const keys = keyFiles(home, {});
  const { ownerUrl, siteKey } = await testDatabase();
  // The cluster's: roles, and so their passwords, belong to all its databases, and other specs use them at the same time.
  await home.make();
  await writeFile(home.secret('site.key'), siteKey.toString('hex'), { mode: 0o600 });
  const certificate = pairText(selfSigned(['store.example'], 30, Date.now()));
  await writeFile(home.secret('registration.assert'), 'of the store');
  await writeFile(home.secret('certificate.pem'), certificate, { mode: 0o600 });
  const prepared = await prepare({ home, keys, ownerUrl, zone: 'Etc/UTC' });
  await writeServerFolders({ home, keys, prepared, ownerUrl });
  for (const server of servers) {
    const text = await readFile(join(home.server(server), 'environment'), 'utf8');
    given[server] = parseEnv(text.replaceAll(folder, HOME));
  }
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

function environment(server: Server): NodeJS.Dict<string> {
  return { ...given[server], ...service(server).environment };
}

/** Every setting that a class reads, by name. */
function settingsOf(app: Server | 'host'): Set<string> {
  return new Set(variablesOf(app === 'host' ? HostConfig : SERVERS[app]));
}

/** Node reads it itself. */
const OF_NODE = ['NODE_OPTIONS'];
const OF_THE_SDK = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

describe('docker-compose.yml', () => {
  it('has the two databases, the storage, a one-shot, and the four servers', () => {
    expect(Object.keys(file.services).sort()).toEqual(
      [...servers, 'bucket', 'eventstoredb', 'minio', 'postgres', 'prepare'].sort(),
    );
    expect(Object.values(file.services).filter(({ profiles }) => profiles)).toEqual([]);
  });

  it('has the events in PostgreSQL, and in EventStoreDB when that is named', () => {
    const named = 'esdb://eventstoredb:2113?tls=false';
    const other = composed({ EVENTSTORE_URL: named });
    const apps = { control: ControlConfig, worker: WorkerConfig, projector: ProjectorConfig };
    for (const [name, Config] of Object.entries(apps)) {
      const server = name as keyof typeof apps;
      const url = (env: NodeJS.Dict<string> | undefined) =>
        loadConfig<{ eventStoreUrl?: string }>(Config, { ...given[server], ...env }).eventStoreUrl;
      expect(url(file.services[name]?.environment)).toBeUndefined();
      expect(url(other.services[name]?.environment)).toBe(named);
    }
    const ofPrepare = (of: ComposeFile) => loadConfig(HostConfig, of.services['prepare']?.environment ?? {});
    expect(ofPrepare(file).eventStoreUrl).toBeUndefined();
    expect(ofPrepare(other).eventStoreUrl).toBe(named);
  });

  it.each(servers)('gives %s settings that it reads, and all that it needs', (server) => {
    const load = () => loadConfig<object>(SERVERS[server], environment(server));
    expect(load).not.toThrow();
    const read = settingsOf(server);
    const unread = Object.keys(environment(server)).filter((name) => !read.has(name));
    expect(unread.filter((name) => ![...OF_THE_SDK, ...OF_NODE].includes(name))).toEqual([]);
  });

  it('gives prepare what it reads', () => {
    const { environment: env = {}, command } = service('prepare');
    expect(loadConfig(HostConfig, env).databaseUrl).toBe('postgres://holdfast:pw@postgres/holdfast');
    expect(Object.keys(env).filter((name) => !settingsOf('host').has(name))).toEqual([]);
    expect(command).toEqual(['dist/apps/host/src/main.js', 'prepare', '--servers']);
  });

  it('keeps blobs in the bucket that the one-shot makes', () => {
    for (const server of ['worker', 'proxy'] as const) {
      const { blobs } =
        server === 'worker'
          ? loadConfig(WorkerConfig, environment(server))
          : loadConfig(ProxyConfig, environment(server));
      expect(service('bucket').command.at(-1)).toBe(`kept/${blobs?.bucket}`);
      expect(blobs).toMatchObject({ endpoint: 'http://minio:9000', pathStyle: true });
      const { MINIO_ROOT_USER, MINIO_ROOT_PASSWORD } = service('minio').environment ?? {};
      expect(environment(server)).toMatchObject({
        AWS_ACCESS_KEY_ID: MINIO_ROOT_USER,
        AWS_SECRET_ACCESS_KEY: MINIO_ROOT_PASSWORD,
      });
    }
  });

  it.each(servers)('starts %s with its own folder, read-only, and no other server’s', async (server) => {
    const { command, volumes } = service(server);
    const own = `${HOME}/servers/${server}`;
    expect(command).toEqual([`--env-file=${own}/environment`, `dist/apps/${server}/src/main.js`]);
    await stat(`apps/${server}/src/main.ts`);
    const ofHome = volumes.filter((volume) => typeof volume !== 'string' || volume.startsWith('home:'));
    expect(ofHome).toEqual([
      {
        type: 'volume',
        source: 'home',
        target: own,
        read_only: true,
        volume: { subpath: `servers/${server}` },
      },
    ]);
    for (const [name, value = ''] of Object.entries(given[server] ?? {})) {
      if (!name.endsWith('_FILE')) continue;
      expect(value.startsWith(`${own}/`)).toBe(true);
      expect((await stat(value.replace(HOME, folder))).mode & 0o077).toBe(0);
    }
  });

  it.each(servers)('gives %s a writable volume for each folder that it writes', (server) => {
    const mounted = service(server).volumes.filter((volume) => typeof volume === 'string');
    const written = Object.entries(environment(server)).filter(([name]) => name.endsWith('_DIR'));
    expect(new Set(mounted.map((volume) => volume.split(':')[1]))).toEqual(
      new Set(written.map(([, to]) => to)),
    );
    for (const volume of mounted) expect(file.volumes).toHaveProperty(volume.split(':')[0] ?? '');
  });

  it('publishes control to this machine, the proxy to all, and nothing else', () => {
    const ports = Object.entries(file.services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => `${name} ${port}`),
    );
    expect(ports.sort()).toEqual(['control 127.0.0.1:8080:8080', 'proxy 8081:8081']);
    expect(loadConfig(ControlConfig, environment('control'))).toMatchObject({ host: '0.0.0.0', port: 8080 });
    expect(loadConfig(ProxyConfig, environment('proxy'))).toMatchObject({ host: '0.0.0.0', port: 8081 });
  });

  it.each(servers)('asks %s for its health where it tells it', (server) => {
    const config = loadConfig<{ healthPort: number }>(SERVERS[server], environment(server));
    expect(service(server).healthcheck.test.join(' ')).toContain(`http://127.0.0.1:${config.healthPort}/`);
  });

  it('starts nothing before what it rests on', () => {
    const once = { condition: 'service_completed_successfully' };
    const healthy = { condition: 'service_healthy' };
    // EventStoreDB may be left out.
    const wanted = { ...healthy, required: false };
    expect(service('prepare').depends_on).toEqual({ postgres: healthy, eventstoredb: wanted });
    expect(service('bucket').depends_on).toEqual({ minio: healthy });
    for (const server of servers) {
      const storage = server === 'worker' || server === 'proxy' ? { bucket: once } : {};
      expect(service(server).depends_on).toEqual({ prepare: once, ...storage });
    }
    for (const name of ['postgres', 'minio', 'eventstoredb']) {
      expect(service(name).healthcheck.test.length).toBeGreaterThan(1);
    }
  });
});
