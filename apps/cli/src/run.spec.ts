import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { EXIT_MEANINGS } from './exit-codes.js';
import { HOST_COMMANDS } from './host/host-commands.js';
import { TestCli } from './testing/test-cli.js';

let cli: TestCli;

beforeEach(() => {
  cli = new TestCli();
});

describe('holdfast', () => {
  it('prints its help on standard output when asked, with the exit codes', async () => {
    const { exitCode, stdout, stderr } = await cli.run(['--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const meaning of Object.values(EXIT_MEANINGS)) expect(stdout).toContain(meaning);
  });

  it.each([[[]], [['change']], [['people']], [['review']]])(
    'has help for %j that fits 80 columns, with each command at its place',
    async (words) => {
      const { stdout } = await cli.run([...words, '--help']);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(stdout).toMatch(/^ {2}[a-z-]+ {2,}\S/m);
    },
  );

  it('without a command shows its help as an error', async () => {
    const { exitCode, stdout, stderr } = await cli.run([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Usage: holdfast');
  });

  it.each([
    ['an unknown command', ['overide'], 'Did you mean override?'],
    ['an unknown option', ['people', 'list', '--verbose'], '--verbose'],
    ['an unknown format', ['people', 'list', '--format', 'xml'], 'table, json'],
    ['a missing argument', ['change', 'show'], "'id'"],
    ['too many arguments', ['change', 'show', 'a', 'b'], 'too many arguments'],
    [
      'two sources of a password',
      ['login', 'ada', '--password-stdin', '--password-file', 'x'],
      'cannot be used with',
    ],
  ])('refuses %s with exit code 2', async (_what, argv, message) => {
    const { exitCode, stdout, stderr } = await cli.run(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(message);
  });

  it.each([[['--format', 'json', 'change', 'show']], [['change', 'show', '--format=json']]])(
    'says as JSON what is wrong with %j',
    async (argv) => {
      const { exitCode, stderr } = await cli.run(argv);
      expect(exitCode).toBe(2);
      expect(JSON.parse(stderr)).toMatchObject({ code: 'usage', title: 'The command failed' });
    },
  );
});

describe("the host's commands", () => {
  async function host(program: string): Promise<void> {
    cli.hostProgram = join(cli.folder, 'host.mjs');
    await writeFile(cli.hostProgram, program);
  }

  it.each(['up', 'prepare', 'events'])(
    '%s goes to the host with its options, and its exit code comes back',
    async (name) => {
      await host(
        `process.exitCode = JSON.stringify(process.argv.slice(2)) === '["${name}","--sandbox","--help"]' ? 42 : 1;`,
      );
      expect(await cli.run([name, '--sandbox', '--help'])).toMatchObject({ exitCode: 42 });
    },
  );

  it('runs with the environment that the CLI was given', async () => {
    await host(
      `process.exitCode = process.env.HOLDFAST_HOME === ${JSON.stringify(cli.env['HOLDFAST_HOME'])} ? 0 : 1;`,
    );
    expect(await cli.run(['up'])).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ['enterprise-store', 3],
    ['holdfast', 7],
  ])('include the status that %s shows', async (name, exitCode) => {
    await host(
      `process.exitCode = JSON.stringify(process.argv.slice(2)) === '["store-status","--format","json"]' ? 3 : 1;`,
    );
    cli.name = name;
    // Under our own name it is control that is asked, and there is none at this address, whatever runs on this machine.
    cli.env['HOLDFAST_URL'] = 'http://127.0.0.1:9';
    expect(await cli.run(['status', '--format', 'json'])).toMatchObject({ exitCode });
  });

  it.each(HOST_COMMANDS.map(({ name }) => name))(
    'are refused, and never passed over, with an option before them: %s',
    async (name) => {
      await host('process.exitCode = 0;');
      const { exitCode, stderr } = await cli.run(['--format', 'json', name]);
      expect(exitCode).toBe(2);
      expect(JSON.parse(stderr)).toMatchObject({
        code: 'usage',
        detail: expect.stringContaining(`"${name}" stands first`) as string,
      });
    },
  );

  it('are refused with a sentence when the host is not built', async () => {
    expect(await cli.run(['up'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('npm run build') as string,
    });
  });
});
