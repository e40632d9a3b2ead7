import { chmod, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Home } from '../home.js';
import { HomeLock } from '../home-lock.js';
import { checkFolders, checkSecrets } from './checks/folders.js';
import { checkHistory } from './checks/history.js';
import { checkServers } from './checks/servers.js';
import { checkIdentityProvider } from './checks/identity-provider.js';
import { checkUpstream } from './checks/upstream.js';
import { asText } from './command.js';
import { doctor } from './doctor.js';
import { SYNCHRONISATION } from './checks/machine.js';
import { exitCodeOf, type Finding } from './finding.js';
import { examine } from './patient.js';
import { soundHome, type SoundHome } from './testing-home.js';

let site: SoundHome;

beforeEach(async () => {
  site = await soundHome();
});
afterEach(() => site[Symbol.asyncDispose]());

/** Four programs are started, each of which loads all that it is made of. */
const WHOLE_MS = 180_000;

const ANY_PORTS = Object.fromEntries(
  ['CONTROL', 'PROXY', 'CONTROL_HEALTH', 'WORKER_HEALTH', 'PROJECTOR_HEALTH', 'PROXY_HEALTH'].map((name) => [
    `HOLDFAST_${name}_PORT`,
    '0',
  ]),
);

function look(env: Record<string, string> = {}): Promise<readonly Finding[]> {
  const { home, ownerUrl } = site;
  return doctor({ home, env: { DATABASE_URL: ownerUrl, ...ANY_PORTS, ...env } });
}

async function history(databaseUrl = site.ownerUrl): Promise<Finding[]> {
  const { patient } = await examine(site.home, { DATABASE_URL: databaseUrl });
  return checkHistory(patient, { ledger: site.home.ledger(), ledgerSecond: site.home.ledgerSecond() });
}

/** What is not as it should be, as `check: sentence`. The machine's disks and clock are no business of ours. */
function wrongIn(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ check, level }) => level !== 'ok' && !check.startsWith('disk: ') && check !== SYNCHRONISATION)
    .map(({ check, says }) => `${check}: ${says}`);
}

describe('doctor', () => {
  it('finds nothing wrong with a sound site', { timeout: WHOLE_MS }, async () => {
    const findings = await look();
    expect(wrongIn(findings)).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['node', 'settings: proxy', 'database: role holdfast_worker', 'ledger: events']),
    );
    expect(asText(findings).at(-1)).toMatch(/^\d+ ok, /);
  });

  it('says that there is no home', async () => {
    const findings = await doctor({ home: new Home(path.join(site.home.folder, 'none')), env: {} });
    expect(wrongIn(findings)).toEqual([`home: ${site.home.folder}/none is no folder`]);
    expect(exitCodeOf(findings)).toBe(1);
  });

  it('names each wrong setting, as the server that reads it would', { timeout: WHOLE_MS }, async () => {
    expect(wrongIn(await look({ HOLDFAST_PROXY_PORT: '99999', HOLDFAST_ARCHITECTURES: 'vax' }))).toEqual([
      expect.stringMatching(/^settings: worker: HOLDFAST_ARCHITECTURES is "vax": it must be some of /),
      expect.stringMatching(
        /^settings: proxy: HOLDFAST_PROXY_PORT is "99999": it must be a number, 0 to 65535/,
      ),
    ]);
  });

  it('names folders that are missing, or none', async () => {
    const [kept, cache] = [site.home.kept(), site.home.cache()];
    await rm(kept, { recursive: true });
    await rm(cache, { recursive: true });
    await writeFile(cache, '');
    expect(wrongIn(await checkFolders(site.home, { kept, cache, ledger: site.home.ledger() }))).toEqual([
      `folder: kept: ${kept} is missing`,
      `folder: cache: ${cache} is no folder`,
    ]);
  });

  it.skipIf(process.getuid?.() !== 0)('names folders of another account, tried as root', async () => {
    const kept = site.home.kept();
    await chown(kept, 65_534, 65_534);
    expect(wrongIn(await checkFolders(site.home, { kept }))).toEqual([
      `folder: kept: ${kept} belongs to account 65534, the home to 0`,
    ]);
  });

  it('names secrets that others can read, and keys that are gone', async () => {
    const folder = path.dirname(site.home.secret('x'));
    await chmod(site.home.secret('proxy.key'), 0o644);
    // As "register" writes it: no secret.
    await writeFile(site.home.secret('registration.assert'), '', { mode: 0o644 });
    await chmod(folder, 0o755);
    await rm(site.home.secret('policy.key'));
    expect(wrongIn(await checkSecrets(site.home))).toEqual([
      `secrets: ${folder} is open to other accounts (mode 755)`,
      `secrets: ${site.home.secret('proxy.key')} is open to other accounts (mode 644)`,
    ]);
    expect(wrongIn((await examine(site.home, {})).findings)).toEqual([
      expect.stringContaining(`key: policy: ${site.home.secret('policy.key')} is missing`),
    ]);
  });

  it('says that the database cannot be reached', async () => {
    const findings = await history('postgres://owner@127.0.0.1:9/none');
    expect(wrongIn(findings)).toContainEqual(expect.stringMatching(/^database: answers: .*ECONNREFUSED/));
    expect(exitCodeOf(findings)).toBe(1);
  });

  it('says that the database is behind this release, ahead of it, or empty', async () => {
    await site.alter(
      `delete from holdfast.migration where version = (select max(version) from holdfast.migration)`,
    );
    expect(wrongIn(await history())).toContainEqual(
      expect.stringMatching(/^database: prepared: it lacks this release's/),
    );
    await site.alter(`update holdfast.migration set name = 'from-tomorrow'`);
    expect(wrongIn(await history())).toContainEqual(
      expect.stringContaining('does not know, “from-tomorrow”'),
    );
    await site.alter('drop table holdfast.migration');
    expect(wrongIn(await history())).toContainEqual('database: prepared: it holds no site');
  });

  it('names the roles that another key made', async () => {
    await writeFile(site.home.secret('site.key'), 'ab'.repeat(32));
    const wrong = wrongIn(await history());
    expect(wrong).toHaveLength(4);
    expect(wrong[0]).toMatch(
      /^database: role holdfast_control: it cannot log in: password authentication failed/,
    );
  });

  it('says that the newest event is from the future', async () => {
    await site.alter(
      `update events.event set bytes = convert_to(regexp_replace(convert_from(bytes, 'UTF8'), '"at":"20', '"at":"30'), 'UTF8')
       where position = (select max(position) from events.event)`,
    );
    const findings = await history();
    expect(wrongIn(findings)).toContainEqual(
      expect.stringMatching(/^clock: newest event: .* was it set back\?$/),
    );
    expect(wrongIn(findings)).toContainEqual(expect.stringContaining('is not the one that was sealed'));
    expect(exitCodeOf(findings)).toBe(6);
  });

  it('says that the database was rolled back behind the ledger', async () => {
    await site.alter('delete from events.event where position >= 2');
    const findings = await history();
    expect(wrongIn(findings)).toContainEqual(
      expect.stringMatching(/the ledger seals \d+ events, the database has 2/),
    );
    await site.alter(
      `insert into fleet.heartbeat (node, stamp, heard_at, sent_at, version, policy_position, backlog)
       values ('dmz-1', 1, now(), now(), '1.0', '1', 0), ('dmz-2', 1, now(), now(), '1.0', '10', 0), ('dmz-3', 1, now(), now(), '1.0', null, 0)`,
    );
    expect(wrongIn(await history())).toContainEqual(
      'ledger: proxies: proxy dmz-2 obeys a signed policy of position 10, and the database has 2 events: it was rolled back',
    );
    expect(exitCodeOf(findings)).toBe(6);
  });

  it('tells a ledger that is lost from one that was never begun', async () => {
    await rename(site.home.ledger(), `${site.home.ledger()}-away`);
    await mkdir(site.home.ledger());
    expect(wrongIn(await history())).toContainEqual(
      `ledger: opens: ${site.home.ledger()}/checkpoint is missing`,
    );
    await rm(path.join(site.home.ledgerSecond(), 'checkpoint'));
    expect(wrongIn(await history())).toEqual([]);
    await rename(`${site.home.ledger()}-away/tile`, `${site.home.ledger()}/tile`);
    expect(wrongIn(await history())).toEqual([
      'ledger: opens: neither place has a checkpoint, and the ledger has tiles',
    ]);
    await site.alter('delete from events.event where position = 1');
    expect(wrongIn(await history())).toContainEqual(
      expect.stringMatching(
        /^ledger: opens: neither place has a checkpoint, and of \d+ events that were appended 1 are gone$/,
      ),
    );
    await site.alter(
      `insert into read.projection_checkpoint (name, version, slot, tables, next_position) values ('audit-trail', 1, 'blue', '{}', 3)`,
    );
    expect(wrongIn(await history())).toContainEqual(
      'ledger: opens: the ledger is gone from both places, and 3 events were sealed',
    );
  });

  it('says that the second place is not of this ledger', async () => {
    const file = path.join(site.home.ledgerSecond(), 'checkpoint');
    await writeFile(file, 'nothing');
    expect(wrongIn(await history())).toContainEqual(
      expect.stringContaining(`ledger: second place: ${file} is not the site's`),
    );
  });

  it('names the port that another program has', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const listens = { HOLDFAST_PROXY_HEALTH_HOST: '127.0.0.1', HOLDFAST_PROXY_HEALTH_PORT: port };
    const { patient } = await examine(site.home, {});
    expect(wrongIn(await checkServers(patient, { proxy: listens }))).toEqual([
      `port: HOLDFAST_PROXY_HEALTH_PORT: 127.0.0.1:${port} is taken by another program`,
    ]);
    other.close();
    await once(other, 'close');
    expect(wrongIn(await checkServers(patient, { proxy: listens }))).toEqual([]);
  });

  it('names the servers of a site that is up that are not ready, or do not answer', async () => {
    const waiting = createServer((_, response) =>
      response.writeHead(503).end('{"waitsFor":["lease","database"]}'),
    );
    waiting.listen(0, '127.0.0.1');
    await once(waiting, 'listening');
    const url = `http://127.0.0.1:${(waiting.address() as AddressInfo).port}`;
    await writeFile(
      site.home.runFile(),
      JSON.stringify({ health: { projector: url, worker: 'http://127.0.0.1:9' } }),
    );
    const lock = await HomeLock.take(site.home.folder);
    const held = await examine(site.home, {});
    const wrong = wrongIn(await checkServers(held.patient, {}));
    await lock.release();
    waiting.close();
    expect(wrong).toEqual([
      'server: projector: it is not ready: it waits for lease, database',
      expect.stringContaining('server: worker: it does not answer at http://127.0.0.1:9'),
    ]);
    const after = await examine(site.home, {});
    expect(wrongIn(await checkServers(after.patient, {}))).toEqual([
      'site: it is not running, and did not end in order: run.json is still there',
    ]);
  });

  it('says that upstream cannot be reached', async () => {
    const { says, level } = await checkUpstream({ HOLDFAST_UPSTREAM_URL: 'http://127.0.0.1:9' });
    expect({ says, level }).toEqual({
      says: expect.stringContaining('cannot reach http://127.0.0.1:9') as string,
      level: 'fail',
    });
  });

  it('says that the identity provider cannot be reached, where there is one', async () => {
    expect(await checkIdentityProvider({})).toEqual([]);
    const env = { HOLDFAST_SSO_ISSUER: 'http://127.0.0.1:9' };
    expect(await checkIdentityProvider(env)).toMatchObject([
      {
        check: 'identity provider: http://127.0.0.1:9',
        says: expect.stringContaining('http://127.0.0.1:9 cannot be asked') as string,
        level: 'fail',
      },
    ]);
  });
});
