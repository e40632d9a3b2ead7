import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ControlUnderTest, PASSWORD } from '#test/support/control-under-test';
import { TestCli } from '../testing/test-cli.js';

const REASON = ['--reason', 'forgot the password on holiday'];
const NEW = 'another horse battery staple';

let control: ControlUnderTest;
let url: string;

beforeAll(async () => {
  control = await ControlUnderTest.start({ passwordDays: 90 });
  const admin = await control.admin();
  await control.enrol(admin, 'second', ['admin']);
  await control.enrol(admin, 'ben', ['author']);
  url = await control.listen();
});
afterAll(() => control.stop());

async function signedIn(login: string, password = PASSWORD): Promise<TestCli> {
  const cli = new TestCli();
  cli.env['HOLDFAST_URL'] = url;
  expect(await cli.run(['login', login, '--password-stdin'], `${password}\n`)).toMatchObject({ exitCode: 0 });
  return cli;
}

it('R23: two people reset a third from the command line alone', async () => {
  const [first, second, ben] = [await signedIn('admin'), await signedIn('second'), await signedIn('ben')];
  const asked = await first.run(['people', 'reset', 'ben', ...REASON]);
  expect(asked).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^hfr_[\w-]{24}\.\n$/) as string,
  });
  expect(asked.stderr).toContain('holdfast people confirm-reset ben');
  const confirm = ['people', 'confirm-reset', 'ben', '--password-stdin', ...REASON];
  expect(await first.run(confirm, `${PASSWORD}\nadmin\n`)).toMatchObject({ exitCode: 4 });
  const confirmed = await second.run(confirm, `${PASSWORD}\nsecond\n`);
  expect(confirmed).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^hfe_[\w-]{24}\n$/) as string,
  });
  expect(await ben.run(['tokens', 'list'])).toMatchObject({ exitCode: 4 });
  const file = `${ben.folder}/secret`;
  await writeFile(file, `${asked.stdout.trim()}${confirmed.stdout}`);
  const set = ['password', 'ben', '--secret-file', file, '--password-stdin'];
  expect(await ben.run(set, `${PASSWORD}\n`)).toMatchObject({ exitCode: 0 });
});

it('R24: a person changes the password, in time and when it is too old', async () => {
  const ben = await signedIn('ben');
  const change = ['password', '--password-stdin'];
  expect(await ben.run(change, `${PASSWORD}\n`)).toMatchObject({ exitCode: 2 });
  expect(await ben.run(change, `${PASSWORD}\n${NEW}\n`)).toMatchObject({
    exitCode: 0,
    stdout: 'the password of ben is changed; other sessions are ended\n',
  });
  expect(await ben.run(['logout'])).toMatchObject({ exitCode: 0 });
  expect(await ben.run(change, `${NEW}\n${PASSWORD}\n`)).toMatchObject({ exitCode: 4 });
  control.clock.set('2027-02-15T08:00:00.000Z');
  const login = ['login', 'ben', '--password-stdin'];
  expect((await ben.run(login, `${NEW}\n`)).stderr).toContain(
    'has to be changed by 2027-02-22T08:00:00.000Z',
  );
  control.clock.set('2027-02-22T08:00:00.000Z');
  const aged = await ben.run(login, `${NEW}\n`);
  expect(aged.exitCode).toBe(4);
  expect(aged.stderr).toContain('"holdfast password ben --change" changes it');
  const late = ['password', 'ben', '--change', '--password-stdin'];
  expect(await ben.run(late, `${NEW}\n${PASSWORD}\n`)).toMatchObject({ exitCode: 0 });
  expect(await ben.run(login, `${PASSWORD}\n`)).toMatchObject({ exitCode: 0, stderr: '' });
});
