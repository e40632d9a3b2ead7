import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { later } from '#kernel';
import { TestCli } from '#apps/cli/src/testing/test-cli';
import { catalogProjections } from '#catalog/projections';
import { login as loginKind, loginStream } from '#identity/domain/login/login';
import { identityProjections } from '#identity/projections';
import { releaseControlProjections } from '#release-control/projections';
import { captureReactor } from '#release-control/reactors/capture-submitted-change/reactor';
import { Authenticator } from '#test/support/authenticator';
import { ControlUnderTest, PASSWORD } from '#test/support/control-under-test';
import { everyRevision } from '#test/support/every-revision';
import { ProjectorOnDemand } from '#test/support/project';
import { Home } from '../home.js';
import { hostProgram } from '../program.js';

const REASON = ['--reason', 'both admins have left the company', '--ticket', 'HR-91'];
const HOUR = 3_600_000;

let control: ControlUnderTest;
let client: pg.Client;
let projector: ProjectorOnDemand;
let folder: string;
let url: string;
let begun: string;
/** One that waits for a signature. */
let request: string;

/** A site in use, with two admins. Its home has the key that control was started with. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-recover-'));
  control = await ControlUnderTest.start();
  begun = later(control.clock.now(), 48 * HOUR);
  client = new pg.Client({ connectionString: control.database.url('projector') });
  await client.connect();
  const projections = [...identityProjections(), ...catalogProjections(), ...releaseControlProjections()];
  projector = await ProjectorOnDemand.start(client, control.adapters.store, projections);
  const admin = await control.admin();
  await control.enrol(admin, 'second', ['admin']);
  await control.enrol(admin, 'olga', ['operator']);
  await control.enrol(admin, 'quinn', ['qa']);
  await control.enrol(admin, 'ana', ['author']);
  const reason = { code: 'other', text: 'the site is in use as of today' };
  const draft = { items: [{ snap: 'lab-tool', channel: 'latest/stable', revision: 1 }], reason };
  const drafted = await control.ask('POST', '/v1/change-requests', {
    token: await control.signIn('ana'),
    body: draft,
  });
  request = String(drafted.json['id']);
  const { streams: writer, clock } = control.adapters;
  const capture = captureReactor({ writer, clock, capture: everyRevision });
  for (const envelope of await control.history(`change-request/${request}`))
    await capture.handle({ envelope });
  const closed = await control.ask('POST', '/v1/commissioning/close', { token: admin, body: { reason } });
  if (closed.status !== 200) throw new Error(closed.text);
  await projector.catchUp();
  const home = new Home(path.join(folder, 'home'));
  await home.make();
  await writeFile(home.secret('site.key'), `${Buffer.from(control.database.siteKey).toString('hex')}\n`, {
    mode: 0o600,
  });
  url = await control.listen();
});
afterAll(async () => {
  await client.end();
  await control.stop();
  await rm(folder, { recursive: true, force: true });
});

const time = (hours: number) => later(begun, hours * HOUR);
const at = (hours: number) => control.clock.set(time(hours));

/** What the command prints where the servers run, at control's time, in a file. */
async function hostProof(login: string): Promise<string> {
  const lines: string[] = [];
  const env = { HOLDFAST_HOME: path.join(folder, 'home'), SUDO_USER: 'olga.ruiz' };
  const program = await hostProgram('recover-admin', env, (line) => lines.push(line));
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(control.clock.now()) });
  await program.parseAsync(['recover-admin', login], { from: 'user' }).finally(() => vi.useRealTimers());
  const file = path.join(folder, `proof-of-${login}`);
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

/** By command line: whose it is. */
const logins = new Map<TestCli, string>();

async function signedIn(login: string): Promise<TestCli> {
  const cli = new TestCli();
  logins.set(cli, login);
  cli.env['HOLDFAST_URL'] = url;
  expect(await cli.run(['login', login, '--password-stdin'], `${PASSWORD}\n`)).toMatchObject({ exitCode: 0 });
  return cli;
}

async function idOf(login: string): Promise<string> {
  const { state } = await control.adapters.streams.load(loginKind, loginStream(login));
  if (state.person === null) throw new Error(`nobody has the login ${login}`);
  return state.person;
}

const own = (cli: TestCli, ...argv: string[]) =>
  cli.run([...argv, '--password-stdin', ...REASON], `${PASSWORD}\n${logins.get(cli)}\n`);
const recover = (cli: TestCli, login: string, file: string, ...more: string[]) =>
  own(cli, 'people', 'recover', login, '--host-proof', file, ...more);
const confirm = (cli: TestCli, login: string) => own(cli, 'people', 'confirm-recovery', login);

async function setPassword(cli: TestCli, login: string, secret: string): Promise<void> {
  const file = path.join(folder, `secret-of-${login}`);
  await writeFile(file, secret, { mode: 0o600 });
  const set = ['password', login, '--secret-file', file, '--password-stdin'];
  expect(await cli.run(set, `${PASSWORD}\n`)).toMatchObject({ exitCode: 0 });
}

describe('an admin who is brought back on the host', () => {
  it('R23: is not, while two admins have been signed in meanwhile', async () => {
    at(0);
    await control.signIn('admin');
    await control.signIn('second');
    const olga = await signedIn('olga');
    const refused = await recover(olga, 'second', await hostProof('second'));
    expect(refused.exitCode).toBe(5);
    expect(refused.stderr).toContain('2 admins have been signed in');
    const newcomer = ['--name', 'Nobody Yet', '--verified-by', 'badge 13 seen by Olga'];
    expect(await recover(olga, 'nobody', await hostProof('nobody'), ...newcomer)).toMatchObject({
      exitCode: 5,
    });
    expect(await control.history(loginStream('nobody'))).toEqual([]);
    at(9);
    // They are asked for, and sign in once they are told.
    const before = await hostProof('second');
    expect(await recover(await signedIn('olga'), 'second', before)).toMatchObject({ exitCode: 0 });
    await control.signIn('admin');
    await control.signIn('second');
    at(9 + 24);
    const ended = await confirm(await signedIn('quinn'), 'second');
    expect(ended.exitCode).toBe(5);
    expect(ended.stderr).toContain('2 admins have been signed in');
  });

  it('R23: takes the host, two people who prove themselves, and a day', async () => {
    at(60);
    const [olga, quinn] = [await signedIn('olga'), await signedIn('quinn')];
    const file = await hostProof('second');
    expect(await recover(olga, 'admin', file)).toMatchObject({ exitCode: 4 });
    expect(await recover(olga, 'second', path.join(folder, 'nothing'))).toMatchObject({ exitCode: 1 });
    const asked = await recover(olga, 'second', file);
    expect(asked).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^hfr_[\w-]{24}\.\n$/) as string,
    });
    expect(asked.stderr).toContain('holdfast people confirm-recovery second');
    const early = await confirm(quinn, 'second');
    expect(early).toMatchObject({ exitCode: 5, stderr: expect.stringContaining(time(84)) as string });
    at(84);
    expect(await confirm(await signedIn('olga'), 'second')).toMatchObject({ exitCode: 4 });
    const confirmed = await confirm(await signedIn('quinn'), 'second');
    expect(confirmed).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^hfe_[\w-]{24}\n$/) as string,
    });
    const back = new TestCli();
    back.env['HOLDFAST_URL'] = url;
    await setPassword(back, 'second', `${asked.stdout.trim()}${confirmed.stdout}`);

    const id = await idOf('second');
    const events = await control.history(`person/${id}`);
    const by = {
      requestedBy: { name: 'olga of the team' },
      confirmedBy: { name: 'quinn of the team' },
      host: { name: hostname(), account: expect.stringContaining('by sudo of olga.ruiz') as string },
    };
    expect(events.filter(({ type }) => type === 'AdminRecovered')).toMatchObject([
      {
        data: by,
        reason: { text: 'both admins have left the company', ticket: 'HR-91' },
        actor: { name: 'quinn of the team' },
      },
    ]);
    expect(events.findLast(({ type }) => type === 'AdminRecoveryRequested')).toMatchObject({
      data: { requestedBy: by.requestedBy, host: by.host },
      actor: { name: 'olga of the team' },
    });
  });

  it('R23: has no right before a second component is enrolled anew, and then an admin’s alone', async () => {
    let session = await control.signIn('second');
    const ask = (token: string, path_: string, body: object) =>
      control.ask('POST', path_, {
        token,
        body: { reason: { code: 'other', text: 'the first thing to do' }, ...body },
      });
    const enrol = { login: 'zoe', name: 'Zoe', roles: ['author'], verifiedBy: 'badge 9 seen by olga' };
    const none = await ask(session, '/v1/people', enrol);
    expect(none.json).toMatchObject({ code: 'not-an-admin' });
    expect(none.json['detail']).toContain('once they have enrolled a second component');
    const offered = await ask(session, '/v1/me/second-component', { password: PASSWORD });
    const app = new Authenticator(String(offered.json['secret']));
    const code = app.codeAt(control.clock.now());
    const enrolled = await control.ask('POST', '/v1/me/second-component/confirm', {
      token: session,
      body: { code },
    });
    expect(enrolled.status).toBe(200);
    expect((await ask(session, '/v1/people', enrol)).status).toBe(201);
    at(84.1);
    const answer = await control.ask('POST', '/v1/sessions', {
      body: { login: 'second', password: PASSWORD, code: app.codeAt(control.clock.now()) },
    });
    session = String(answer.json['token']);
    at(84.2);
    const signature = {
      recordDigest: '0'.repeat(64),
      password: PASSWORD,
      code: app.codeAt(control.clock.now()),
    };
    const approve = await ask(session, `/v1/change-requests/${request}/approve`, signature);
    expect(approve.json['code']).toBe('not-an-approver');
    const file = await hostProof('second');
    const stolen = await control.ask('GET', '/v1/me', { token: (await readFile(file, 'utf8')).trim() });
    expect(stolen.status).toBe(401);
  });

  it('R23: may be somebody new, who began with nobody else’s secret', async () => {
    at(120);
    const olga = await signedIn('olga');
    const file = await hostProof('carla');
    expect(await recover(olga, 'carla', file)).toMatchObject({ exitCode: 2 });
    expect(await control.history(loginStream('carla'))).toEqual([]);
    const who = ['--name', 'Carla Roth', '--verified-by', 'badge 12 seen by Olga'];
    const asked = await recover(olga, 'carla', file, ...who);
    expect(asked.exitCode).toBe(0);
    at(144);
    const confirmed = await confirm(await signedIn('quinn'), 'carla');
    expect(confirmed.exitCode).toBe(0);
    const back = new TestCli();
    back.env['HOLDFAST_URL'] = url;
    await setPassword(back, 'carla', `${asked.stdout.trim()}${confirmed.stdout}`);
    const types = (await control.history(`person/${await idOf('carla')}`)).map(({ type }) => type);
    expect(types).toEqual([
      'PersonEnrolled',
      'AdminRecoveryRequested',
      'AdminRecovered',
      'PersonReset',
      'RoleGranted',
      'PasswordSet',
    ]);
  });
});
