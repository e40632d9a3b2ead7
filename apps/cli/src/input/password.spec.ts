import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Cli } from '../cli.js';
import { TestCli } from '../testing/test-cli.js';
import { askCode, readComponents, readPassword } from './password.js';

/** A terminal at which these keys are pressed. */
function terminal(keys: string) {
  const raw: boolean[] = [];
  let shown = '';
  /** Whether the terminal echoed when something was last asked. */
  let echoed: boolean | undefined;
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => raw.push(on) });
  stdin.write(keys);
  const output = {
    write: (text: string) => {
      if (text !== '\n') echoed = raw.at(-1) !== true;
      shown += text;
    },
  };
  const cli: Cli = { name: 'holdfast', env: {}, stdin, stdout: output, stderr: output, hostProgram: '' };
  return { cli, raw, shown: () => shown, echoed: () => echoed };
}

describe('a password asked for at a terminal', () => {
  it('is not echoed', async () => {
    const { cli, raw, shown, echoed } = terminal('correct horse\r');
    expect(await readPassword(cli, {})).toBe('correct horse');
    expect(shown()).toBe('Password: \n');
    expect(raw).toEqual([true, false]);
    expect(echoed()).toBe(false);
  });

  it('is not sent when nothing was typed', async () => {
    await expect(readPassword(terminal('\r').cli, {})).rejects.toThrow(
      'no password was typed: nothing was done',
    );
  });

  it('can be corrected with backspace', async () => {
    expect(await readPassword(terminal('abx\u007fc\u00e9\n').cli, {})).toBe('abc\u00e9');
  });

  it('can be asked for twice', async () => {
    const { cli } = terminal('first\r');
    expect(await readPassword(cli, {})).toBe('first');
    (cli.stdin as PassThrough).write('second\r');
    expect(await readPassword(cli, {})).toBe('second');
  });

  it('is given up with ctrl-c, and the terminal is as before', async () => {
    const { cli, raw } = terminal('abc\u0003');
    await expect(readPassword(cli, {})).rejects.toMatchObject({ code: 'no-password' });
    expect(raw).toEqual([true, false]);
  });
});

describe('a code asked for at a terminal', () => {
  it('is not echoed, and may be typed in two halves', async () => {
    const { cli, shown, echoed } = terminal('287 082\r');
    expect(await askCode(cli)).toBe('287082');
    expect(shown()).toBe('Code of your authenticator app: \n');
    expect(echoed()).toBe(false);
  });

  it('is asked for after the password, when it is wanted', async () => {
    const { cli, shown } = terminal('correct horse\r');
    const { password, code } = await readComponents(cli, {});
    expect(password).toBe('correct horse');
    expect(shown()).toBe('Password: \n');
    (cli.stdin as PassThrough).write('287082\r');
    expect(await code()).toBe('287082');
  });
});

describe('a login asked for at a terminal', () => {
  it('is shown as it is typed, and corrected, after the password, when it is wanted', async () => {
    const { cli, raw, shown } = terminal('correct horse\r');
    const { login } = await readComponents(cli, {});
    (cli.stdin as PassThrough).write('\u007fbem\u007fn\r');
    expect(await login()).toBe('ben');
    expect(shown()).toBe('Password: \nYour login: bem\b \bn\n');
    expect(raw).toEqual([true, false, true, false]);
  });
});

describe('a password from elsewhere', () => {
  const notATerminal = (text: string): Cli => {
    const { cli } = terminal('');
    const stdin = new PassThrough();
    stdin.end(text);
    return { ...cli, stdin };
  };

  it('is the first line of standard input', async () => {
    expect(await readPassword(notATerminal('correct horse\nmore\n'), { passwordStdin: true })).toBe(
      'correct horse',
    );
  });

  it('has the login, or the code, as its second line when that is wanted', async () => {
    const typed = await readComponents(notATerminal('correct horse\n ben \n'), { passwordStdin: true });
    expect([typed.password, await typed.login()]).toEqual(['correct horse', 'ben']);
    const alone = await readComponents(notATerminal('correct horse\n'), { passwordStdin: true });
    await expect(alone.login()).rejects.toThrow('give it as the second line');
    await expect(alone.code()).rejects.toThrow('give its code as the second line');
  });

  it('is the first line of a file', async () => {
    const passwordFile = join(new TestCli().folder, 'password');
    await writeFile(passwordFile, 'correct horse\n');
    expect(await readPassword(notATerminal(''), { passwordFile })).toBe('correct horse');
  });

  it('is never empty', async () => {
    await expect(readPassword(notATerminal('\nx'), { passwordStdin: true })).rejects.toMatchObject({
      code: 'no-password',
    });
  });

  it('has to be named where nobody can be asked', async () => {
    await expect(readPassword(notATerminal('x'), {})).rejects.toThrow(
      'give --password-stdin or --password-file',
    );
  });
});
