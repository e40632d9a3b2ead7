import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeEvent, uuidv7 } from '#kernel';
import { FilesystemBlobReader } from '#blob-store/filesystem/filesystem-blob-reader';
import { emptyDatabase } from '#test/support/test-database';
import { filesIn } from '../../fixtures/folders.js';
import { SiteInAHome } from '../../fixtures/site-in-a-home.js';
import { Home } from '../home.js';

let site: SiteInAHome;
let artefact: string;
let backedUp: object[];

beforeAll(async () => {
  site = await SiteInAHome.make();
  ({ artefact } = await site.capture('an artefact'));
  await site.note(20);
  await site.seal();
  await site.note(2);
  await site.backUp();
  backedUp = await site.events();
});
afterAll(() => site[Symbol.asyncDispose]());

let places = 0;
let home: Home;
let database: string;

beforeEach(async () => {
  home = new Home(site.in(`restored-${++places}`));
  database = (await emptyDatabase()).ownerUrl;
});

function restore(env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const argv = ['restore', '--from', site.in('backup'), '--identity', site.identityFile];
  return site.run(argv, { HOLDFAST_HOME: home.folder, DATABASE_URL: database, ...env });
}

describe('a restore that was interrupted', () => {
  const all = async () => (await site.events(database)) as { type: string; stream: string }[];

  it('goes on behind the history, when it came no further', async () => {
    await writeFile(site.in('no-folder'), '');
    await expect(restore({ HOLDFAST_KEPT_DIR: site.in('no-folder') })).rejects.toThrow('no-folder');
    expect(await site.events(database)).toEqual(backedUp);
    await restore();
    expect((await all()).slice(0, -1)).toEqual(backedUp);
    expect(await new FilesystemBlobReader(home.kept()).verify(artefact)).toBe(true);
  });

  it('records itself once, when it came to its record', async () => {
    await restore();
    const events = await all();
    const { data, stream } = decodeEvent(
      Buffer.from((events.at(-1) as { bytes?: string } | undefined)?.bytes ?? '', 'hex'),
    );
    const { backup: id } = data as { readonly backup: string };
    const marker = { backup: id, id: stream.replace('restoration/', '') };
    await writeFile(path.join(home.folder, 'restoring.json'), JSON.stringify(marker));
    await restore();
    expect(await all()).toEqual(events);
  });
});

describe('a half restored home', () => {
  beforeEach(async () => {
    await home.make();
    const begun = { backup: uuidv7(), id: uuidv7() };
    await writeFile(path.join(home.folder, 'restoring.json'), JSON.stringify(begun));
  });
  const unfinished = { code: 'restore-unfinished', exitCode: 5 };

  it('is not prepared, and so not started', async () => {
    const env = { HOLDFAST_HOME: home.folder, DATABASE_URL: database };
    await expect(site.run(['prepare'], env)).rejects.toMatchObject(unfinished);
    expect(await filesIn(path.join(home.folder, 'secrets'))).toEqual(new Map());
  });

  it('is not backed up', async () => {
    const env = { HOLDFAST_HOME: home.folder, DATABASE_URL: database };
    const to = site.in('not-made');
    await expect(site.run(['backup', '--to', to, '--recipient', site.recipient], env)).rejects.toMatchObject(
      unfinished,
    );
    expect(existsSync(to)).toBe(false);
  });

  it('gets no tail', async () => {
    const env = { HOLDFAST_HOME: home.folder, DATABASE_URL: database };
    const argv = ['restore', '--tail', site.home.ledger()];
    await expect(site.run(argv, env)).rejects.toMatchObject(unfinished);
  });

  it('is not gone on with from another backup', async () => {
    await expect(restore()).rejects.toMatchObject(unfinished);
    expect(await site.query(`select from pg_namespace where nspname = 'events'`, database)).toEqual([]);
  });
});
