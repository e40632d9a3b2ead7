import { afterAll, beforeAll, expect, it } from 'vitest';
import { Authenticator } from '#test/support/authenticator';
import { ControlUnderTest, PASSWORD } from '#test/support/control-under-test';
import { TestCli } from '../testing/test-cli.js';

const REASON = ['--reason', 'the board signs with two components'];

let control: ControlUnderTest;
let url: string;
let app: Authenticator;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  await control.enrol(await control.admin(), 'ben', ['author']);
  url = await control.listen();
});
afterAll(() => control.stop());

/** What the app shows half a minute later. */
function nextCode(): string {
  const at = new Date(Date.parse(control.clock.now()) + 30_000).toISOString();
  control.clock.set(at);
  return app.codeAt(at);
}

it('R22, R24: a person enrols a second component, signs in with it and gives it up, from the command line alone', async () => {
  const cli = new TestCli();
  cli.env['HOLDFAST_URL'] = url;
  const typed = `${PASSWORD}\n`;
  expect(await cli.run(['login', 'ben', '--password-stdin'], typed)).toMatchObject({ exitCode: 0 });
  const enrol = ['second-component', 'enrol', '--password-stdin', ...REASON];
  const unnamed = await cli.run(enrol, typed);
  expect(unnamed.exitCode).toBe(2);
  expect(unnamed.stderr).toContain('the login is asked for: give it as the second line');
  expect(await cli.run(enrol, `${PASSWORD}\nana\n`)).toMatchObject({
    exitCode: 4,
    stderr: expect.stringContaining('the login or the password is wrong') as string,
  });
  const { exitCode, stdout } = await cli.run(enrol, `${typed}ben\n`);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^[A-Z2-7]{32}\notpauth:\/\/totp\/.*\n$/);
  app = new Authenticator(stdout.split('\n')[0] ?? '');
  const confirm = ['second-component', 'confirm'];
  expect(await cli.run(confirm, '\n')).toMatchObject({ exitCode: 2 });
  expect(await cli.run(confirm, `${nextCode()}\n`)).toMatchObject({
    exitCode: 0,
    stdout: 'your second component is enrolled\n',
  });
  const login = ['login', 'ben', '--password-stdin'];
  const alone = await cli.run(login, typed);
  expect(alone.exitCode).toBe(2);
  expect(alone.stderr).toContain('the second component is asked for: give its code as the second line');
  expect(await cli.run(login, `${typed}${nextCode()}\n`)).toMatchObject({ exitCode: 0 });

  const token = [
    'tokens',
    'add',
    'nightly',
    '--standing-reason',
    'pins what the nightly tests passed',
    ...REASON,
  ];
  // Credentials take both components, from a script in two lines.
  const script = `${PASSWORD}\n${nextCode()}\n`;
  expect(await cli.run([...token, '--password-stdin'], script)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^hft_/) as string,
  });

  const remove = ['second-component', 'remove', '--password-stdin', ...REASON];
  expect(await cli.run(remove, `${PASSWORD}\n`)).toMatchObject({ exitCode: 2 });
  expect(await cli.run(remove, `${PASSWORD}\n${nextCode()}\n`)).toMatchObject({ exitCode: 0 });
  expect(await cli.run(['login', 'ben', '--password-stdin'], `${PASSWORD}\n`)).toMatchObject({ exitCode: 0 });
});

it('R28: after half an hour without a command the next one says to sign in again, and that helps', async () => {
  const cli = new TestCli();
  cli.env['HOLDFAST_URL'] = url;
  const login = ['login', 'ben', '--password-stdin'];
  expect(await cli.run(login, `${PASSWORD}\n`)).toMatchObject({ exitCode: 0 });
  expect(await cli.run(['rings'])).toMatchObject({ exitCode: 0 });
  control.clock.set(new Date(Date.parse(control.clock.now()) + 1_800_000).toISOString());
  expect(await cli.run(['rings'])).toMatchObject({
    exitCode: 4,
    stderr: expect.stringMatching(
      /^error: sign in again \("holdfast login"\): nothing was asked in this session since .*for 30 minutes/,
    ) as string,
  });
  expect(await cli.run(login, `${PASSWORD}\n`)).toMatchObject({ exitCode: 0 });
  expect(await cli.run(['rings'])).toMatchObject({ exitCode: 0 });
});
