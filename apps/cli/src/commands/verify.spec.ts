import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeEntryBundle, entriesPath, noteSigner, tilePath } from '#tlog';
import { TestCli } from '../testing/test-cli.js';
import { entry, SIGNER, writeLedger } from '../testing/test-ledger.js';

const SIZE = 600;
let cli: TestCli;
let ledger: string;

beforeEach(async () => {
  cli = new TestCli();
  ledger = join(cli.folder, 'ledger');
  await writeLedger(ledger, SIZE);
});

function verify(...more: string[]) {
  return cli.run(['verify', ledger, '--vkey', SIGNER.vkey, ...more]);
}

/** Changes one byte of a file. */
async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(join(ledger, path));
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  await writeFile(join(ledger, path), bytes);
}

describe('verify, of a ledger that is in order', () => {
  it('prints the sealed state and the verdict', async () => {
    const { exitCode, stdout, stderr } = await verify();
    expect(stdout).toMatch(/^log {8}releases\.example\.test\/site-a {3}key [0-9a-f]{8} {2}OK\n/);
    expect(stdout).toMatch(/^entries {4}600 re-hashed -> root [A-Za-z0-9+/]{43}= {2}OK$/m);
    expect(stdout).toMatch(/^tiles {6}4 equal {2}OK$/m);
    expect(stdout).toMatch(/^RESULT {5}PASS\n$/m);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('says the same as JSON', async () => {
    const { stdout } = await verify('--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'PASS', origin: SIGNER.name, size: '600', tiles: 4 });
  });

  it("takes ledger and key of this machine's site when none are named", async () => {
    await cp(ledger, join(cli.folder, 'home/ledger'), { recursive: true });
    expect(await cli.run(['verify'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--vkey') as string,
    });
    await cp(ledger, join(cli.folder, 'home/secrets'), { recursive: true });
    await writeFile(join(cli.folder, 'home/secrets/ledger.vkey'), `${SIGNER.vkey}\n`);
    expect(await cli.run(['verify'])).toMatchObject({ exitCode: 0 });
  });

  it('finds that it continues a sealed state kept from earlier', async () => {
    await writeLedger(join(cli.folder, 'earlier'), 123);
    const { exitCode, stdout } = await verify('--checkpoint', join(cli.folder, 'earlier/checkpoint'));
    expect(exitCode).toBe(0);
    expect(stdout).toContain('prefix of  123 (the sealed state that you kept)  OK');
  });
});

describe('R30: verify, of a ledger that was altered, exits 6 and names the position', () => {
  it.each([0, 255, 256, 599])('of an altered entry %i', async (position) => {
    const index = Math.floor(position / 256);
    const width = Math.min(256, SIZE - index * 256);
    const bundle = Array.from({ length: width }, (_, i) => entry(index * 256 + i));
    bundle[position % 256] = Buffer.from('{"event":"other"}');
    await writeFile(join(ledger, entriesPath(BigInt(index), width)), encodeEntryBundle(bundle));
    const { exitCode, stdout, stderr } = await verify('--format', 'json');
    expect(exitCode).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'FAIL',
      code: 'root-differs',
      position: String(position),
    });
    expect(JSON.parse(stderr)).toMatchObject({ code: 'root-differs', position: String(position) });
  });

  it('of an altered tile', async () => {
    await flip(tilePath(0, 1n), 32 * 9);
    const { exitCode, stdout, stderr } = await verify();
    expect({ exitCode, stdout }).toEqual({ exitCode: 6, stdout: 'RESULT     FAIL\n' });
    expect(stderr).toContain('position 265');
  });

  it('of a missing bundle', async () => {
    await rm(join(ledger, entriesPath(1n)));
    expect(await verify()).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining('position 256') as string,
    });
  });

  it('where history was rewritten and sealed again, when an earlier sealed state was kept', async () => {
    await writeLedger(join(cli.folder, 'earlier'), 123);
    await writeLedger(ledger, SIZE, SIGNER, (position) => entry(position === 5 ? 6 : position));
    expect(await verify()).toMatchObject({ exitCode: 0 });
    const { exitCode, stderr } = await verify('--checkpoint', join(cli.folder, 'earlier/checkpoint'));
    expect(exitCode).toBe(6);
    expect(stderr).toContain('rewritten');
  });

  it('and of one without any file says so', async () => {
    const { exitCode, stderr } = await cli.run([
      'verify',
      join(cli.folder, 'nothing'),
      '--vkey',
      SIGNER.vkey,
    ]);
    expect(exitCode).toBe(6);
    expect(stderr).toContain('no checkpoint');
  });
});

describe('verify, with another key', () => {
  const other = noteSigner(SIGNER.name, Buffer.alloc(32, 8));

  it('names the key that was trusted', async () => {
    const { exitCode, stderr } = await cli.run(['verify', ledger, '--vkey', other.vkey]);
    expect(exitCode).toBe(6);
    expect(stderr).toContain(other.vkey.split('+', 2).join('+'));
  });

  it('finds a signature that the trusted key never made', async () => {
    const note = await readFile(join(ledger, 'checkpoint'), 'utf8');
    await writeFile(join(ledger, 'checkpoint'), note.replace('\n600\n', '\n599\n'));
    expect(await verify()).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining(SIGNER.name) as string,
    });
  });

  it('refuses what is no key', async () => {
    expect(await cli.run(['verify', ledger, '--vkey', 'mine'])).toMatchObject({ exitCode: 2 });
    expect(await cli.run(['verify', ledger, '--vkey-file', join(ledger, 'none')])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('none') as string,
    });
  });
});

describe('verify --database', () => {
  /** A host program that answers with this comparison, and says what it was asked. */
  async function hostAnswers(comparison: unknown): Promise<void> {
    cli.hostProgram = join(cli.folder, 'host.mjs');
    const asked = join(cli.folder, 'asked.json');
    await writeFile(
      cli.hostProgram,
      `import { writeFileSync } from 'node:fs';
      writeFileSync(${JSON.stringify(asked)}, JSON.stringify([process.argv.slice(2), process.env.DATABASE_URL ?? null]));
      console.log(${JSON.stringify(JSON.stringify(comparison))});`,
    );
  }
  const asked = async () => JSON.parse(await readFile(join(cli.folder, 'asked.json'), 'utf8')) as unknown;

  it('has the host compare, with the URL in the environment and not among the arguments', async () => {
    await hostAnswers({ sealed: '600', unsealed: 2, differences: [] });
    const { exitCode, stdout } = await verify('--database', 'postgres://owner:secret@db/holdfast');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('database   600 events equal, byte for byte  OK  (2 newer, not sealed yet)');
    expect(await asked()).toEqual([
      ['compare-ledger', ledger, '--vkey', SIGNER.vkey],
      'postgres://owner:secret@db/holdfast',
    ]);
  });

  it("means the home's own database by home, whatever DATABASE_URL says", async () => {
    await hostAnswers({ sealed: '600', unsealed: 0, differences: [] });
    cli.env['DATABASE_URL'] = 'postgres://elsewhere/db';
    await verify('--database', 'home');
    expect(await asked()).toEqual([expect.anything(), null]);
  });

  it('exits 6 and names the position of an event that was altered in the database', async () => {
    const differences = [
      { position: '41', kind: 'differs' },
      { position: '77', kind: 'missing' },
    ];
    await hostAnswers({ sealed: '600', unsealed: 0, differences });
    const { exitCode, stdout, stderr } = await verify('--database', 'home', '--format', 'json');
    expect(exitCode).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'FAIL', code: 'database-differs', position: '41' });
    expect(stderr).toContain('1 more');
  });

  it('says so when there is no host program to ask', async () => {
    expect(await verify('--database', 'home')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('npm run build') as string,
    });
  });
});
