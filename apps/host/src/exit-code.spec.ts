import { describe, expect, it } from 'vitest';
import { ConfigError } from '#platform/config';
import { exitCodeOf } from './exit-code.js';
import { hostProgram } from './program.js';

async function endOf(...argv: string[]): Promise<number> {
  const program = await hostProgram(argv[0], {}, () => undefined);
  const quiet = { writeOut: () => undefined, writeErr: () => undefined };
  for (const command of [program, ...program.commands]) command.configureOutput(quiet);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    return exitCodeOf(error);
  }
}

describe('the host ends', () => {
  it.each([
    ['an unknown command', ['frobnicate']],
    ['an unknown option', ['doctor', '--no-such-option']],
    ['an option that is missing', ['backup']],
    ['an argument that is missing', ['backup', 'verify']],
    ['a choice that is none', ['events', 'copy', '--to', 'mysql']],
    ['no command', []],
  ])('with 2 after %s', async (_, argv) => {
    expect(await endOf(...argv)).toBe(2);
  });

  it('with 0 after its help', async () => {
    expect(await endOf('backup', '--help')).toBe(0);
  });

  it('with 2 for a wrong setting, 1 for what has no code', () => {
    expect(exitCodeOf(new ConfigError(['HOLDFAST_ZONE is "x"']))).toBe(2);
    expect(exitCodeOf(new Error('anything'))).toBe(1);
  });
});
