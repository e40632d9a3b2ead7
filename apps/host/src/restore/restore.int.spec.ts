import { statSync, watch } from 'node:fs';
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generateIdentity } from 'age-encryption';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeEvent, uuidOf, uuidv7 } from '#kernel';
import { FilesystemBlobReader } from '#blob-store/filesystem/filesystem-blob-reader';
import { roleUrl } from '#platform/database/role-url';
import { emptyDatabase } from '#test/support/test-database';
import { copyFolder, filesIn } from '../../fixtures/folders.js';
import { SiteInAHome } from '../../fixtures/site-in-a-home.js';
import { Home } from '../home.js';
import { keyFiles } from '../key-files.js';
import { prepare } from '../prepare.js';
import { hostProgram } from '../program.js';

let site: SiteInAHome;
let backup: string;
let artefact: string;
const given = uuidOf('idempotency-key', 'somebody', 'their key');
/** SHA-256 of a file that is attached, and of one that is an artefact as well. */
let files: readonly [alone: string, both: string];
/** Of the site as it was when it was backed up. */
let backedUp: object[];

beforeAll(async () => {
  site = await SiteInAHome.make();
  ({ artefact } = await site.capture('an artefact'));
  files = [await site.attach('f'.repeat(600_000)), await site.attach('an artefact')];
  await site.given(given);
  await site.note(600);
  await site.seal();
  await site.note(2);
  await site.query(
    `insert into worker.reactor_checkpoint (reactor, cursor) select 'capture', max(position) from events.event where type = 'OverrideSet'`,
  );
  backup = site.in('backup');
  await site.backUp(backup);
  backedUp = await site.events();
});
afterAll(() => site[Symbol.asyncDispose]());

let places = 0;
let home: Home;
let database: string;

/** An empty machine for each. */
beforeEach(async () => {
  home = new Home(site.in(`restored-${++places}`));
  database = (await emptyDatabase()).ownerUrl;
});

function restore(...options: readonly string[]): Promise<string[]> {
  return restoreWith({}, ...options);
}

function restoreWith(env: NodeJS.ProcessEnv, ...options: readonly string[]): Promise<string[]> {
  const argv = ['restore', '--from', backup, '--identity', site.identityFile, ...options];
  return site.run(argv, { HOLDFAST_HOME: home.folder, DATABASE_URL: database, ...env });
}

describe('a restored site', () => {
  it('has each event as it was, and one that says that it was restored', async () => {
    await restore('--vkey', await site.vkey());
    const events = (await site.events(database)) as { bytes: string }[];
    expect(events.slice(0, backedUp.length)).toEqual(backedUp);
    expect(events).toHaveLength(backedUp.length + 1);
    const { type, data, reason } = decodeEvent(Buffer.from(events.at(-1)?.bytes ?? '', 'hex'));
    expect(type).toBe('SiteRestored');
    expect(data).toMatchObject({
      events: String(backedUp.length),
      checkpoint: { size: String(backedUp.length - 2) },
    });
    expect(reason.code).toBe('restored');
  });

  it('has keys, blobs, verifiers, reactors and ledger as they were', async () => {
    await restore();
    const secrets = await filesIn(path.join(home.folder, 'secrets'));
    for (const [name, text] of await filesIn(path.join(site.home.folder, 'secrets')))
      expect([name, secrets.get(name)]).toEqual([name, text]);
    expect((await stat(home.secret('site.key'))).mode & 0o777).toBe(0o600);
    expect(await new FilesystemBlobReader(home.kept()).verify(artefact)).toBe(true);
    const [alone, both] = files;
    expect(both).toBe(artefact);
    expect(await new FilesystemBlobReader(home.kept()).size(alone)).toBeUndefined();
    const attachments =
      'select sha256, sha3_384, size, part, bytes from attachments.file join attachments.part using (upload) order by sha256, part';
    expect(await site.query(attachments, database)).toEqual(await site.query(attachments));
    const credentials = 'select id, person, verifier, made_at from identity.credential';
    expect(await site.query(credentials, database)).toEqual(await site.query(credentials));
    const reactors = 'select reactor, cursor from worker.reactor_checkpoint';
    expect(await site.query(reactors, database)).toEqual(await site.query(reactors));
    const log = await filesIn(path.join(backup, 'log'));
    // The projector writes it again at its start.
    log.delete('log.vkey');
    expect(await filesIn(home.ledger())).toEqual(log);
    expect(await readFile(path.join(home.ledgerSecond(), 'checkpoint'), 'utf8')).toBe(
      await site.checkpoint(),
    );
  });

  it('knows what was asked for with a key in the last day, and where in the history to look for it', async () => {
    await restore();
    const rows = await site.query('select command, after, answer from requests.taken', database);
    expect(rows).toEqual([{ command: given, after: expect.stringMatching(/^\d$/) as string, answer: null }]);
  });

  it('has its old settings for its own account alone, from the first moment on', async () => {
    await home.make();
    const modes = new Set<number>();
    const watcher = watch(home.folder, (_event, name) => {
      if (name?.startsWith('settings.env') !== true) return;
      const there = statSync(path.join(home.folder, name), { throwIfNoEntry: false });
      if (there) modes.add(there.mode & 0o777);
    });
    await restore();
    watcher.close();
    expect([...modes]).toEqual([0o600]);
  });

  it('is prepared like any other, and extends its log', async () => {
    await restore();
    const prepared = await prepare({ home, keys: keyFiles(home, {}), ownerUrl: database, zone: 'Etc/UTC' });
    expect(prepared).toMatchObject({ identity: { origin: 'site.example/log' }, invitation: undefined });
  });
});

describe('a restore is refused', () => {
  const untouched = async (): Promise<void> => {
    expect(await site.query(`select from pg_namespace where nspname = 'events'`, database)).toEqual([]);
    await expect(stat(path.join(home.folder, 'restoring.json'))).rejects.toThrow('ENOENT');
  };

  it('with an identity of somebody else, or with what is none', async () => {
    const file = site.in('another.txt');
    await writeFile(file, await generateIdentity());
    await expect(restore('--identity', file)).rejects.toMatchObject({ code: 'wrong-identity', exitCode: 5 });
    await writeFile(file, site.recipient);
    await expect(restore('--identity', file)).rejects.toMatchObject({ code: 'bad-identity' });
    await writeFile(file, 'age-encryption.org/v1\n');
    await expect(restore('--identity', file)).rejects.toThrow('is itself encrypted');
    await untouched();
  });

  it('of a damaged backup, before anything is written', async () => {
    const damaged = await copyFolder(backup, site.in('damaged'));
    await rm(path.join(damaged, 'log/tile/0/000'));
    await expect(restore('--from', damaged)).rejects.toMatchObject({ code: 'backup-damaged' });
    await untouched();
  });

  it('into a home or a database that is not empty', async () => {
    await mkdir(home.kept(), { recursive: true });
    await writeFile(path.join(home.kept(), 'something'), 'x');
    await expect(restore()).rejects.toMatchObject({ code: 'not-empty' });
    await untouched();
    home = new Home(site.in(`restored-${++places}`));
    database = site.ownerUrl;
    await expect(restore()).rejects.toMatchObject({ code: 'not-empty' });
  });

  it('to other places than the site had, unless that is said', async () => {
    const places = { HOLDFAST_KEPT_DIR: site.home.kept(), HOLDFAST_LEDGER_SECOND_DIR: site.in('second') };
    const from = site.in('with-places');
    await site.run(['backup', '--to', from, '--recipient', site.recipient], places);
    await expect(restore('--from', from)).rejects.toMatchObject({
      code: 'settings-differ',
      exitCode: 2,
      message: expect.stringMatching(
        /LEDGER_SECOND_DIR was '.*\/second' and is not set now; HOLDFAST_KEPT_DIR was/,
      ) as string,
    });
    await untouched();
    const now = { ...places, HOLDFAST_KEPT_DIR: site.in('other-kept') };
    await expect(restoreWith(now, '--from', from)).rejects.toThrow(`and is '${site.in('other-kept')}' now`);
    await restoreWith(now, '--from', from, '--moved');
    expect(await new FilesystemBlobReader(site.in('other-kept')).verify(artefact)).toBe(true);
    const settings = await readFile(path.join(home.folder, 'settings.env'), 'utf8');
    expect(settings).toContain(`HOLDFAST_KEPT_DIR='${site.in('other-kept')}'`);
    expect(settings).not.toContain(site.home.kept());
  });

  it('of another history than a kept checkpoint is of', async () => {
    await using other = await SiteInAHome.make();
    await other.seal();
    const file = path.join(other.home.ledger(), 'checkpoint');
    await expect(restore('--checkpoint', file)).rejects.toMatchObject({ code: 'no-trusted-signature' });
    await untouched();
  });

  it('of an older state than a kept checkpoint is of, unless that is acknowledged: then it is on the record', async () => {
    await using later = await LaterState.of(site);
    await expect(restore('--checkpoint', later.checkpoint)).rejects.toMatchObject({
      code: 'rolled-back',
      message: expect.stringContaining('the newest 5 would be lost') as string,
    });
    await untouched();
    await restore(
      '--checkpoint',
      later.checkpoint,
      '--acknowledge-rollback',
      'the disk with the rest burned',
    );
    const events = (await site.events(database)) as { bytes: string; type: string }[];
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['SiteRestored', 'RollbackAcknowledged']);
    const { data, reason } = decodeEvent(Buffer.from(events.at(-1)?.bytes ?? '', 'hex'));
    expect(data).toMatchObject({
      restored: String(backedUp.length),
      lost: { size: String(backedUp.length + 5) },
    });
    expect(reason).toEqual({ code: 'rollback-acknowledged', text: 'the disk with the rest burned' });
  });
});

describe('a ledger that outlived the site', () => {
  const why = ['--acknowledge-rollback', 'its events are lost'];
  const newest = async (count: number) =>
    (await site.events(database)).slice(-count) as { type: string; bytes: string }[];

  it.each(['HOLDFAST_LEDGER_DIR', 'HOLDFAST_LEDGER_SECOND_DIR'])(
    'is not replaced by an older state unasked: in %s',
    async (setting) => {
      await using later = await LaterState.of(site);
      const before = await filesIn(later.ledger);
      await expect(restoreWith({ [setting]: later.ledger })).rejects.toMatchObject({
        code: 'rolled-back',
        message: expect.stringContaining(later.checkpoint) as string,
      });
      expect(await filesIn(later.ledger)).toEqual(before);
      await restoreWith({ [setting]: later.ledger }, ...why);
      expect((await newest(2)).map(({ type }) => type)).toEqual(['SiteRestored', 'RollbackAcknowledged']);
    },
  );

  it('gives its own tail', async () => {
    await using later = await LaterState.of(site);
    await restoreWith({ HOLDFAST_LEDGER_DIR: later.ledger }, '--tail', later.ledger);
    expect((await site.events(database)).slice(0, -1)).toEqual(later.events);
    expect((await newest(1)).map(({ type }) => type)).toEqual(['SiteRestored']);
  });

  it('goes on from the older state, once that is acknowledged', async () => {
    await using later = await LaterState.of(site);
    await restoreWith({ HOLDFAST_LEDGER_DIR: later.ledger }, ...why);
    await cp(later.ledger, home.ledger(), { recursive: true });
    const restored = await site.at(home, database);
    await restored.note(300);
    await restored.seal();
    const lines = await restored.backUp(site.in(`restored-${places}-backup`));
    const events = backedUp.length + 2 + 300;
    expect(lines.join()).toContain(`${events} events, ${events} of them sealed`);
  });

  it('is refused where its tail is of another history, or when it is of another site', async () => {
    await using fork = await site.fork();
    await fork.note(2);
    await fork.seal();
    await using later = await LaterState.of(site);
    const ofTheFork = { HOLDFAST_LEDGER_SECOND_DIR: fork.home.ledger() };
    await expect(restoreWith(ofTheFork, '--tail', later.ledger)).rejects.toMatchObject({
      code: 'history-differs',
    });
    await writeFile(path.join(fork.home.ledger(), 'checkpoint'), 'something else');
    await expect(restoreWith(ofTheFork)).rejects.toMatchObject({ code: 'not-empty' });
    expect(await readFile(path.join(fork.home.ledger(), 'checkpoint'), 'utf8')).toBe('something else');
  });

  it('is on the record as given up, also when the restore that replaced it was interrupted', async () => {
    const { id } = JSON.parse(
      (await readFile(path.join(backup, 'manifest'), 'utf8')).split('\n')[1] ?? '',
    ) as { id: string };
    const lost = { size: '9999', root: Buffer.alloc(32).toString('base64') };
    const marker = { backup: id, id: uuidv7(), lost: { ...lost, why: 'its events are lost' } };
    await home.make();
    await writeFile(path.join(home.folder, 'restoring.json'), JSON.stringify(marker));
    await restore();
    const { type, data, reason } = decodeEvent(Buffer.from((await newest(1))[0]?.bytes ?? '', 'hex'));
    expect(type).toBe('RollbackAcknowledged');
    expect(data).toMatchObject({ lost });
    expect(reason.text).toBe('its events are lost');
  });
});

describe('the tail', () => {
  it('comes from a ledger that outlived the site, behind the backup', async () => {
    await using later = await LaterState.of(site);
    await restore('--tail', later.ledger, '--checkpoint', later.checkpoint);
    expect((await site.events(database)).slice(0, -1)).toEqual(later.events);
    expect(await readFile(path.join(home.ledger(), 'checkpoint'), 'utf8')).toBe(
      await readFile(later.checkpoint, 'utf8'),
    );
  });

  it('brings events and no blobs: what cannot be served is said, on an empty machine', async () => {
    await using fork = await site.fork();
    const later = await fork.capture('approved after the backup');
    const lost = await fork.capture('its artefact alone is lost');
    await fork.seal();
    const missing = async (...argv: readonly string[]): Promise<string[]> => {
      const lines: string[] = [];
      const env = { HOLDFAST_HOME: home.folder, DATABASE_URL: database };
      const program = await hostProgram('restore', env, (line) => lines.push(line));
      const run = program.parseAsync(['restore', ...argv], { from: 'user' });
      await expect(run).rejects.toMatchObject({ code: 'blob-missing', exitCode: 6 });
      return lines.filter((line) => line.startsWith('missing: ')).map((line) => line.slice(-64));
    };
    const asked = ['--from', backup, '--identity', site.identityFile, '--tail', fork.home.ledger()];
    expect(await missing(...asked)).toEqual([later.manifest, lost.manifest].sort());
    await expect(stat(path.join(home.folder, 'restoring.json'))).rejects.toThrow('ENOENT');
    for (const digest of [later.manifest, lost.manifest, later.artefact]) {
      const name = path.join('sha256', digest.slice(0, 2), digest);
      await copyFolder(path.join(fork.home.kept(), name), path.join(home.kept(), name));
    }
    expect(await missing('--tail', fork.home.ledger())).toEqual([lost.artefact]);
  });

  it('is lacking in an older copy of the database: nothing starts, and each event comes back as it was', async () => {
    const older = await site.copyDatabase();
    await using later = await LaterState.of(site);
    const env = { DATABASE_URL: older };
    const start = (): Promise<unknown> =>
      prepare({ home: site.home, keys: keyFiles(site.home, {}), ownerUrl: older, zone: 'Etc/UTC' });
    await expect(start()).rejects.toMatchObject({
      code: 'store-behind',
      message: expect.stringContaining('restore --tail') as string,
    });
    expect((await site.run(['restore', '--tail'], env)).join()).toContain('5 of them brought back');
    expect(await site.events(older)).toEqual(later.events);
    expect((await site.run(['restore', '--tail'], env)).join()).toContain('nothing was to be done');
    await start();
    expect(await site.events(older)).toEqual(later.events);
  });

  it('is not brought back beside running servers', async () => {
    const older = await site.copyDatabase();
    await using later = await LaterState.of(site);
    const siteKey = Buffer.from((await readFile(site.home.secret('site.key'), 'utf8')).trim(), 'hex');
    const control = new pg.Client({ connectionString: roleUrl(older, 'control', siteKey) });
    await control.connect();
    const tail = (): Promise<string[]> => site.run(['restore', '--tail'], { DATABASE_URL: older });
    await expect(tail()).rejects.toThrow('holdfast_control. Stop them first');
    await control.end();
    expect(await site.events(older)).toHaveLength(later.events.length - 5);
  });

  it('is not put behind another history, nor taken from a ledger that is not the newest', async () => {
    const older = await site.copyDatabase();
    const oldLedger = await copyFolder(site.home.ledger(), site.in(`old-ledger-${places}`));
    await using later = await LaterState.of(site);
    const env = { DATABASE_URL: older };
    await expect(site.run(['restore', '--tail', oldLedger], env)).rejects.toMatchObject({
      code: 'rolled-back',
    });
    await site.tamper(
      `update events.event set bytes = convert_to(replace(convert_from(bytes, 'UTF8'), '"text":', '"tixt":'), 'UTF8') where position = 7`,
      older,
    );
    await expect(site.run(['restore', '--tail'], env)).rejects.toMatchObject({
      code: 'history-differs',
      message: expect.stringContaining('position 7') as string,
    });
    expect(await site.events(older)).toHaveLength(later.events.length - 5);
  });
});

/** The site went on by five sealed events; afterwards it is as it was. */
class LaterState implements AsyncDisposable {
  private constructor(
    readonly ledger: string,
    readonly checkpoint: string,
    readonly events: readonly object[],
  ) {}

  static async of(from: SiteInAHome): Promise<LaterState> {
    await from.note(5);
    await from.seal();
    const ledger = await copyFolder(from.home.ledger(), from.in(`later-${++places}`));
    return new LaterState(ledger, path.join(ledger, 'checkpoint'), await from.events());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.ledger, { recursive: true });
  }
}
