import { readdir, readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SiteInAHome } from '#apps/host/fixtures/site-in-a-home';
import { newKey, TestAuthority, type Issued } from '#platform/tls/testing/test-authority';
import { exitCodeOf } from '../exit-code.js';
import { hostProgram } from '../program.js';

const HOST = 'store.site.example';
const WHY = ['--reason', 'the old one ends in May'];
const middle = TestAuthority.root('Site Root').authority('Site Authority');
const [one, two] = [middle.server([HOST]), middle.server([HOST])];
const textOf = ({ pem, keyPem }: Issued) => keyPem + pem + middle.pem;
const PROXY = { HOLDFAST_PROXY_URL: `https://${HOST}` };

let site: SiteInAHome;
beforeAll(async () => {
  site = await SiteInAHome.make();
  await run(WHY, textOf(two));
});
afterAll(() => site[Symbol.asyncDispose]());

async function run(argv: readonly string[], input: string, env: NodeJS.ProcessEnv = PROXY): Promise<void> {
  const own = { HOLDFAST_HOME: site.home.folder, DATABASE_URL: site.ownerUrl, ...env };
  const program = await hostProgram(
    'import-certificate',
    own,
    () => undefined,
    Readable.from([Buffer.from(input)]),
  );
  for (const command of program.commands) command.configureOutput({ writeErr: () => undefined });
  await program.parseAsync(['import-certificate', ...argv], { from: 'user' });
}

const inPlace = () => readFile(site.home.secret('certificate.pem'), 'utf8');
const leftBehind = async () =>
  (await readdir(site.in('home', 'secrets'))).filter((name) => name.includes('certificate'));
const recorded = async () =>
  (await site.query(`select from events.event where stream = 'certificate'`)).length;

describe('import-certificate refuses', () => {
  const late = middle.server([HOST], { notBefore: new Date(0), notAfter: new Date(1_000) });
  const stranger = newKey().export({ type: 'pkcs8', format: 'pem' });

  it.each([
    ['garbage', WHY, 'garbage', 'no-certificate', 2],
    ['1 MB', WHY, 'x'.repeat(1_000_000), 'certificate-too-large', 2],
    ["another one's key", WHY, one.pem + String(stranger), 'private-key-differs', 2],
    ['what has expired', WHY, textOf(late), 'certificate-expired', 5],
    ['another name', WHY, textOf(middle.server(['other.example'])), 'certificate-for-other-names', 5],
    [
      'a name that is given besides',
      [...WHY, '--name', 'other.example'],
      textOf(one),
      'certificate-for-other-names',
      5,
    ],
    ['what is no server', WHY, middle.pem + middle.issued.keyPem, 'certificate-for-other-names', 5],
    ['a name that is none', [...WHY, '--name', 'two words'], textOf(one), 'no-name', 2],
    ['an address on one link', [...WHY, '--name', 'fe80::1%eth0', '--selfsigned'], '', 'no-name', 2],
    ['a reason that is none', ['--reason', 'updated'], textOf(one), 'reason-required', 2],
    [
      'a kind of reason that is none',
      ['--reason', 'it ends in May', '--reason-code', 'May!'],
      textOf(one),
      'reason-required',
      2,
    ],
    ['to go without a reason', [], textOf(one), 'commander.missingMandatoryOptionValue', 2],
    ['days that are none', [...WHY, '--selfsigned', '--days', '0'], '', 'commander.invalidArgument', 2],
    ['two things at once', [...WHY, '--selfsigned', '--remove'], '', 'commander.error', 2],
  ])('%s, and changes nothing', async (_what, argv, input, code, exitCode) => {
    const before = await inPlace();
    const tried = run(argv, input);
    await expect(tried).rejects.toMatchObject({ code });
    expect(exitCodeOf(await tried.catch((error: unknown) => error))).toBe(exitCode);
    expect(await inPlace()).toBe(before);
    expect(await leftBehind()).toEqual(['certificate.pem']);
    expect(await recorded()).toBe(1);
  });

  it('a site whose devices are told to come by http', async () => {
    await expect(run(WHY, textOf(one), { HOLDFAST_PROXY_URL: `http://${HOST}` })).rejects.toThrow(
      /^HOLDFAST_PROXY_URL is "http:.*must begin with https:\/\/\. Set it so first/,
    );
  });

  it('to guess a name', async () => {
    await expect(run(WHY, textOf(one), {})).rejects.toMatchObject({ code: 'no-name' });
  });

  it('to leave anything behind when it cannot be recorded', async () => {
    await site.query('alter function events.append rename to appends');
    const before = await inPlace();
    await expect(run(WHY, textOf(one))).rejects.toThrow(/append/);
    expect(await inPlace()).toBe(before);
    expect(await leftBehind()).toEqual(['certificate.pem']);
  });
});
