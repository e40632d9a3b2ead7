import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ControlFixture, problem } from '../testing/control-fixture.js';
import { TestCli } from '../testing/test-cli.js';

const PERSON = { id: 'person-1', login: 'ada', name: 'Ada Lovelace', roles: ['author'] };
const SIGNED_IN = { token: 'session-token', person: PERSON, expiresAt: '2026-11-24T08:00:00.000Z' };
const ANSWERS = {
  'POST /v1/sessions': [201, SIGNED_IN],
  'DELETE /v1/sessions/current': [204],
  'GET /v1/people': [
    200,
    { people: [{ ...PERSON, status: 'active', lockedUntil: null, requestedRoles: [] }] },
  ],
  'POST /v1/passwords': [204],
} as const;

let cli: TestCli;
let control: ControlFixture;

async function startControl(answers: Parameters<typeof ControlFixture.start>[0] = ANSWERS): Promise<void> {
  control = await ControlFixture.start(answers);
  onTestFinished(() => control.stop());
  cli.env['HOLDFAST_URL'] = control.url;
}

beforeEach(() => {
  cli = new TestCli();
});

const sessionFile = () => join(cli.env['XDG_CONFIG_HOME'] ?? '', 'holdfast/sessions.json');

describe('login', () => {
  it('keeps the token in a file of mode 0600 and shows it nowhere', async () => {
    await startControl();
    const { exitCode, stdout, stderr } = await cli.run(
      ['login', 'ada', '--password-stdin', '--format', 'json'],
      'correct horse\n',
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ person: PERSON, expiresAt: SIGNED_IN.expiresAt });
    expect(stdout + stderr).not.toContain('session-token');
    expect((await stat(sessionFile())).mode & 0o777).toBe(0o600);
    expect(control.seen).toEqual([
      {
        request: 'POST /v1/sessions',
        authorization: undefined,
        body: { login: 'ada', password: 'correct horse' },
      },
    ]);
  });

  it('asks on the terminal, on standard error', async () => {
    await startControl();
    const { stdout, stderr } = await cli.run(['login', 'ada'], 'correct horse\r', true);
    expect(stderr).toBe('Password of ada: \n');
    expect(stdout).toBe(`Ada Lovelace is signed in until ${SIGNED_IN.expiresAt}\n`);
  });

  it('serves later commands at the same server, and no other', async () => {
    await startControl();
    await cli.run(['login', 'ada', '--password-stdin'], 'correct horse\n');
    await cli.run(['people', 'list']);
    expect(control.seen.at(-1)).toMatchObject({
      request: 'GET /v1/people',
      authorization: 'Bearer session-token',
    });
    await startControl();
    await cli.run(['people', 'list']);
    expect(control.seen.at(-1)?.authorization).toBeUndefined();
  });

  it('gives way to HOLDFAST_TOKEN', async () => {
    await startControl();
    await cli.run(['login', 'ada', '--password-stdin'], 'correct horse\n');
    cli.env['HOLDFAST_TOKEN'] = 'another-token';
    await cli.run(['people', 'list']);
    expect(control.seen.at(-1)?.authorization).toBe('Bearer another-token');
  });

  it('that is refused exits 4 and keeps nothing', async () => {
    await startControl({
      'POST /v1/sessions': problem(401, 'sign-in-refused', 'login or password is wrong'),
    });
    expect(await cli.run(['login', 'ada', '--password-stdin'], 'x\n')).toEqual({
      exitCode: 4,
      stdout: '',
      stderr: 'error: login or password is wrong (request request-7)\n',
    });
    await expect(stat(sessionFile())).rejects.toThrow('ENOENT');
  });
});

describe('logout', () => {
  it('ends the session here and there', async () => {
    await startControl();
    await cli.run(['login', 'ada', '--password-stdin'], 'correct horse\n');
    expect(await cli.run(['logout'])).toMatchObject({ exitCode: 0 });
    expect(control.seen.at(-1)).toMatchObject({
      request: 'DELETE /v1/sessions/current',
      authorization: 'Bearer session-token',
    });
    expect(JSON.parse(await readFile(sessionFile(), 'utf8'))).toEqual({});
  });

  it('forgets a session that the server has ended already; without one it exits 4', async () => {
    await startControl({
      ...ANSWERS,
      'DELETE /v1/sessions/current': problem(401, 'not-signed-in', 'sign in first'),
    });
    await cli.run(['login', 'ada', '--password-stdin'], 'correct horse\n');
    expect(await cli.run(['logout'])).toMatchObject({ exitCode: 0 });
    expect(await cli.run(['logout'])).toMatchObject({ exitCode: 4 });
  });
});

describe('password', () => {
  it.each([
    ['a secret alone', 'enrolment-secret\n'],
    ["the first admin's file", JSON.stringify({ login: 'admin', secret: 'enrolment-secret' }, null, 2)],
  ])('takes %s', async (_what, content) => {
    await startControl();
    const file = join(cli.folder, 'secret');
    await writeFile(file, content);
    const args = ['password', 'admin', '--secret-file', file, '--password-stdin'];
    expect(await cli.run(args, 'correct horse\n')).toMatchObject({
      exitCode: 0,
      stdout: 'the password of admin is set\n',
      stderr: 'Sign in with it: holdfast login admin\n',
    });
    expect(control.seen.at(-1)?.body).toEqual({
      login: 'admin',
      secret: 'enrolment-secret',
      password: 'correct horse',
    });
  });
});

describe("control's address", () => {
  it('is where "holdfast up" says that it listens', async () => {
    await startControl();
    const { HOLDFAST_URL: url, HOLDFAST_HOME: home = '' } = cli.env;
    delete cli.env['HOLDFAST_URL'];
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'run.json'), JSON.stringify({ control: url, proxy: 'http://127.0.0.1:1' }));
    expect(await cli.run(['people', 'list'])).toMatchObject({ exitCode: 0 });
  });

  it('that nobody listens at exits 7 and says which it is', async () => {
    const gone = await ControlFixture.start({});
    await gone.stop();
    const { exitCode, stderr } = await cli.run(['people', 'list', '--url', gone.url]);
    expect(exitCode).toBe(7);
    expect(stderr).toContain(gone.url);
  });

  it('of a server that is something else exits 1 and says so', async () => {
    await startControl({ 'GET /v1/people': [200, '<html></html>'] });
    const { exitCode, stderr } = await cli.run(['people', 'list']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('not as Holdfast');
  });

  it('that is none exits 2', async () => {
    expect(await cli.run(['people', 'list', '--url', 'localhost:8080'])).toMatchObject({ exitCode: 2 });
  });
});
