import { appendFile, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Decrypter } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noteSigner, noteVerifier, verifyLog } from '#tlog';
import { filesystemLogReader } from '#ledger/published';
import { copyFolder, filesIn } from '../../fixtures/folders.js';
import { SiteInAHome } from '../../fixtures/site-in-a-home.js';
import { digestOf } from './file-list.js';
import { openManifest, type BackupManifest } from './manifest.js';
import { decodeSecrets, type SiteSecrets } from './site-secrets.js';

let site: SiteInAHome;
let backup: string;

beforeAll(async () => {
  site = await SiteInAHome.make();
  backup = site.in('backup');
  await site.capture('the first artefact');
  await site.note(300);
  await site.seal();
  await site.note(3);
  await site.query(
    `insert into worker.reactor_checkpoint (reactor, cursor) select 'apply', append_first - 1 from events.event where stream = 'note/1' and stream_revision = 0;
     insert into worker.reactor_checkpoint (reactor, cursor) select 'capture', max(position) from events.event`,
  );
  await site.backUp();
});
afterAll(() => site[Symbol.asyncDispose]());

async function manifestOf(folder: string): Promise<BackupManifest> {
  return openManifest(await readFile(path.join(folder, 'manifest'), 'utf8'), noteVerifier(await site.vkey()));
}

async function secretsOf(folder: string): Promise<SiteSecrets> {
  const { id } = await manifestOf(folder);
  const decrypter = new Decrypter();
  decrypter.addIdentity(site.identity);
  return decodeSecrets(
    await decrypter.decrypt(await readFile(path.join(folder, 'state', id, 'secrets.age'))),
  );
}

describe('a backup', () => {
  it('is whole, and says so without its secrets', async () => {
    const events = (await site.events()).length;
    const lines = await site.run(['backup', 'verify', backup, '--vkey', await site.vkey()]);
    expect(lines.join('\n')).toMatch(`${events} events, ${events - 3} of them sealed`);
  });

  it("is the ledger itself: other people's software verifies it", async () => {
    const { size } = await verifyLog(filesystemLogReader(path.join(backup, 'log')), [
      noteVerifier(await site.vkey()),
    ]);
    expect(String(size)).toBe((await site.checkpoint()).split('\n')[1]);
  });

  it('counts what each reactor has handled, whatever its cursors mean', async () => {
    const all = (await site.events()) as { stream: string; append_first: string; stream_revision: string }[];
    const handled = all.find(({ stream, stream_revision }) => stream === 'note/1' && stream_revision === '0');
    expect((await manifestOf(backup)).reactors).toEqual({
      apply: handled?.append_first,
      capture: String(all.length),
    });
  });

  it('has keys, verifiers and settings for its recipient alone', async () => {
    const { files, credentials } = await secretsOf(backup);
    const own = await readFile(site.home.secret('ledger.key'), 'utf8');
    expect(files['ledger.key']).toBe(own);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['site.key', 'proxy.key', 'policy.key', 'first-admin']),
    );
    expect(credentials).toHaveLength(1);
    const everything = [...(await filesIn(backup)).values()].join('\n');
    for (const secret of [
      ...Object.values(files).filter((text) => !text.includes('+')),
      credentials[0]?.verifier ?? '?',
    ])
      expect(everything).not.toContain(secret.trim());
  });

  it('has the trust roots that the worker reads, whatever their names, and nothing else of that folder', async () => {
    const roots = site.in('trust-roots');
    await mkdir(roots);
    const names = [
      'root.assert',
      'a+b.assert',
      'my root.account',
      '-CvQKAwRQ5h3Ffn10FILJoEZUXOv6km9.account-key',
    ];
    for (const name of [...names, 'root.assert~', 'notes.txt'])
      await writeFile(path.join(roots, name), `of ${name}`);
    const argv = (to: string) => ['backup', '--to', site.in(to), '--recipient', site.recipient];
    const env = { HOLDFAST_TRUST_ROOTS: roots };
    await site.run(argv('with-roots'), env);
    expect((await secretsOf(site.in('with-roots'))).trustRoots).toEqual(
      Object.fromEntries(names.map((name) => [name, `of ${name}`])),
    );
    await writeFile(path.join(roots, 'tab\t.assert'), 'x');
    const misnamed = { code: 'not-supported', message: expect.stringContaining('tab\\t.assert') as string };
    await expect(site.run(argv('misnamed'), env)).rejects.toMatchObject(misnamed);
    await rm(path.join(roots, 'tab\t.assert'));
    await writeFile(path.join(roots, 'latin.assert'), Buffer.from('é', 'latin1'));
    const unreadable = { code: 'not-supported', message: expect.stringContaining('latin.assert') as string };
    await expect(site.run(argv('misnamed'), env)).rejects.toMatchObject(unreadable);
  });

  it('goes on at the same place, and copies only what is new', async () => {
    const to = await copyFolder(backup, site.in('incremental'));
    const before = await filesIn(to);
    const full = [...before.keys()].filter((name) => /^log\/tile\/(entries|0)\/000$/.test(name));
    expect(full).toHaveLength(2);
    const files = await Promise.all(full.map((name) => stat(path.join(to, name))));
    const { artefact } = await site.capture('the second artefact');
    await site.seal();
    const lines = await site.backUp(to);
    expect(lines.join('\n')).toContain('4 blobs, 2 of them copied now');
    const after = await filesIn(to);
    expect(after.get(`blobs/sha256/${artefact.slice(0, 2)}/${artefact}`)).toBe('the second artefact');
    for (const [i, name] of full.entries()) expect((await stat(path.join(to, name))).ino).toBe(files[i]?.ino);
    await site.run(['backup', 'verify', to]);
    expect([...after.keys()].filter((name) => name.startsWith('state/'))).toHaveLength(3);
  });

  it('does not replace one of a later state, or of another site', async () => {
    const to = await copyFolder(backup, site.in('later'));
    const olderDatabase = await site.copyDatabase();
    const olderLedger = await copyFolder(site.home.ledger(), site.in('older-ledger'));
    await site.note(2);
    await site.seal();
    await site.backUp(to);
    const kept = await filesIn(to);
    const older = { DATABASE_URL: olderDatabase, HOLDFAST_LEDGER_DIR: olderLedger };
    const argv = ['backup', '--to', to, '--recipient', site.recipient];
    await expect(site.run(argv, older)).rejects.toMatchObject({ code: 'backup-ahead' });
    await using other = await SiteInAHome.make();
    await other.seal();
    await expect(other.backUp(to)).rejects.toMatchObject({ code: 'other-site' });
    const after = await filesIn(to);
    expect([...kept].filter(([name, content]) => after.get(name) !== content)).toEqual([]);
    await site.run(['backup', 'verify', to]);
  });

  it('does not replace one of what the site lost and went on without', async () => {
    const to = await copyFolder(backup, site.in('forked'));
    await using fork = await site.fork();
    await site.note(2);
    await site.seal();
    await site.backUp(to);
    const kept = await filesIn(to);
    await fork.note(9);
    await fork.seal();
    await expect(fork.backUp(to)).rejects.toMatchObject({ code: 'backup-ahead' });
    expect(await filesIn(to)).toEqual(kept);
  });

  it('does not replace one with unsealed events that the site lost and went on without', async () => {
    const to = await copyFolder(backup, site.in('unsealed'));
    await using fork = await site.fork();
    await site.note(2);
    await site.backUp(to);
    const kept = await filesIn(to);
    await fork.note(9);
    await expect(fork.backUp(to)).rejects.toMatchObject({ code: 'backup-ahead' });
    await fork.seal();
    await expect(fork.backUp(to)).rejects.toMatchObject({ code: 'backup-ahead' });
    expect(await filesIn(to)).toEqual(kept);
    await site.seal();
    await site.backUp(to);
  });

  it.each([
    ['bundle', 'tile/entries/000'],
    ['tile', 'tile/0/000'],
  ])(
    "copies nothing of a ledger in which a full %s has rotted, and does not speak of the backup's age",
    async (_, name) => {
      const to = await copyFolder(backup, site.in(`rotten-ledger-${name.length}`));
      const kept = await filesIn(to);
      const ledger = await copyFolder(site.home.ledger(), site.in(`rotten-${name.length}`));
      const bytes = await readFile(path.join(ledger, name));
      bytes[40] = (bytes[40] ?? 0) ^ 1;
      await writeFile(path.join(ledger, name), bytes);
      const argv = ['backup', '--to', to, '--recipient', site.recipient];
      const refusal = await site.run(argv, { HOLDFAST_LEDGER_DIR: ledger }).catch((error: Error) => error);
      expect(refusal).toMatchObject({ code: name.includes('entries') ? 'history-differs' : 'tile-differs' });
      expect(await filesIn(to)).toEqual(kept);
    },
  );

  it('refuses a database that is not what was sealed, and keeps what is there', async () => {
    const to = await copyFolder(backup, site.in('altered'));
    const altered = await site.copyDatabase();
    await site.tamper(
      `update events.event set stream = 'note/2' where stream = 'note/1' and stream_revision < 300`,
      altered,
    );
    const argv = ['backup', '--to', to, '--recipient', site.recipient];
    await expect(site.run(argv, { DATABASE_URL: altered })).rejects.toMatchObject({
      code: 'history-differs',
    });
    await site.tamper(`update events.event set bytes = '{}' where position = 7`, altered);
    await expect(site.run(argv, { DATABASE_URL: altered })).rejects.toThrow('position 7');
    await site.run(['backup', 'verify', to]);
  });

  it('holds the files of requests, and says which are lost', async () => {
    const [whole, damaged] = [await site.attach('w'.repeat(300_000)), await site.attach('d'.repeat(300_000))];
    const to = site.in('with-files');
    const where = `upload = (select upload from attachments.file where sha256 = '${damaged}') and part = 1`;
    const flip = (value: number) =>
      site.query(`update attachments.part set bytes = set_byte(bytes, 7, ${value}) where ${where}`);
    await flip(0);
    await expect(site.backUp(to)).rejects.toMatchObject({
      code: 'blob-missing',
      message: expect.stringContaining(damaged) as string,
    });
    expect((await manifestOf(to)).missingBlobs).toEqual([damaged]);
    await flip('d'.charCodeAt(0));
    await site.backUp(to);
    expect((await manifestOf(to)).missingBlobs).toEqual([]);
    const blob = path.join(to, 'blobs', 'sha256', whole.slice(0, 2), whole);
    expect(await readFile(blob, 'utf8')).toBe('w'.repeat(300_000));
    await rm(blob);
    await expect(site.run(['backup', 'verify', to])).rejects.toMatchObject({ code: 'backup-damaged' });
  });

  it('holds all else where a blob is lost, and says which', async () => {
    const { artefact } = await site.capture('what will be lost');
    await rm(path.join(site.home.kept(), 'sha256', artefact.slice(0, 2), artefact));
    const to = site.in('with-a-loss');
    await expect(site.backUp(to)).rejects.toMatchObject({
      code: 'blob-missing',
      message: expect.stringContaining(artefact) as string,
    });
    expect((await manifestOf(to)).missingBlobs).toEqual([artefact]);
    await expect(site.run(['backup', 'verify', to])).rejects.toMatchObject({
      code: 'blob-missing',
      exitCode: 6,
    });
  });
});

describe('what is not given', () => {
  it('is a recipient: nothing is written, and how to make one is said', async () => {
    const to = site.in('none');
    await expect(site.run(['backup', '--to', to])).rejects.toMatchObject({
      code: 'no-recipient',
      message: expect.stringContaining('age-keygen -o') as string,
    });
    await expect(stat(to)).rejects.toThrow('ENOENT');
  });

  it.each(['age1nonsense', 'ssh-ed25519 AAAA', ''])('is %j, no recipient', async (recipient) => {
    const argv = ['backup', '--to', site.in('none'), '--recipient', recipient];
    await expect(site.run(argv)).rejects.toMatchObject({ code: 'bad-recipient' });
  });

  it('is an identity, which is not repeated', async () => {
    const argv = ['backup', '--to', site.in('none'), '--recipient', site.identity];
    const refusal = await site.run(argv).catch((error: Error) => error);
    expect(refusal).toMatchObject({ code: 'bad-recipient' });
    expect(String(refusal)).not.toContain(site.identity);
  });

  it('is a folder of its own', async () => {
    await mkdir(site.in('documents'));
    await writeFile(site.in('documents', 'letter.txt'), 'mine');
    await expect(site.backUp(site.in('documents'))).rejects.toMatchObject({ code: 'not-empty' });
  });
});

describe('backup verify', () => {
  async function damaged(
    how: (folder: string, manifest: BackupManifest) => Promise<void>,
  ): Promise<string[]> {
    const folder = await copyFolder(backup, site.in('damaged'));
    await how(folder, await manifestOf(folder));
    try {
      return await site.run(['backup', 'verify', folder]);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it.each([
    ['a byte of an event', 'log/tile/entries/000'],
    ['a byte of a tile', 'log/tile/0/000'],
    ['a byte of the unsealed events', 'unsealed'],
    ['a byte of the secrets', 'secrets.age'],
    ['a byte of the list of files', 'files.sha256'],
  ])('finds %s', async (_what, name) => {
    const verified = damaged(async (folder, { id }) => {
      const file = path.join(folder, name.includes('/') ? name : `state/${id}/${name}`);
      const bytes = await readFile(file);
      bytes[40] = (bytes[40] ?? 0) ^ 1;
      await writeFile(file, bytes);
    });
    await expect(verified).rejects.toMatchObject({ code: 'backup-damaged' });
  });

  it('finds an altered manifest, and one that somebody else signed', async () => {
    const altered = damaged(async (folder) => {
      const file = path.join(folder, 'manifest');
      await writeFile(file, (await readFile(file, 'utf8')).replace('"v":1', '"v":2'));
    });
    await expect(altered).rejects.toMatchObject({ code: 'backup-damaged' });
    const other = noteSigner('site.example/log', Buffer.alloc(32, 9)).vkey;
    await expect(site.run(['backup', 'verify', backup, '--vkey', other])).rejects.toMatchObject({
      code: 'other-site',
    });
  });

  it('finds a damaged, a cut off and a missing blob', async () => {
    const blob = [...(await filesIn(backup)).keys()].find((name) => name.startsWith('blobs/sha256/')) ?? '';
    await expect(damaged((folder) => appendFile(path.join(folder, blob), 'x'))).rejects.toThrow(blob);
    await expect(damaged((folder) => truncate(path.join(folder, blob), 3))).rejects.toThrow(blob);
    await expect(damaged((folder) => rm(path.join(folder, blob)))).rejects.toThrow(`lacks its file ${blob}`);
  });

  it('says how a blob that rotted is mended', async () => {
    const folder = await copyFolder(backup, site.in('rotten'));
    const blob = [...(await filesIn(folder)).keys()].find((name) => name.startsWith('blobs/sha256/')) ?? '';
    const file = path.join(folder, blob);
    const bytes = await readFile(file);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await expect(site.run(['backup', 'verify', folder])).rejects.toThrow(`remove ${file} and back up again`);
    await rm(file);
    // Which says that another blob is lost, after the test that loses it.
    await Promise.allSettled([site.backUp(folder)]);
    expect(await digestOf(file)).toBe(path.basename(blob));
  });

  it('takes no backup for one that never came to its end', async () => {
    await expect(damaged((folder) => rm(path.join(folder, 'manifest')))).rejects.toMatchObject({
      code: 'no-backup',
      message: expect.stringContaining('did not come to its end') as string,
    });
    await expect(site.run(['backup', 'verify', site.in('nothing')])).rejects.toMatchObject({
      code: 'no-backup',
    });
  });
});
