import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { processCli } from '../cli.js';
import { HOST_COMMANDS } from '../host/host-commands.js';
import { buildProgram } from '../program.js';
import { PROCEDURES } from './procedures.js';

const program = buildProgram({ ...processCli(), name: 'holdfast' });
const named = PROCEDURES.flatMap(({ file, steps }) =>
  steps.flatMap((step) => [...step.matchAll(/`holdfast ([^`]+)`/g)].map(([, words = '']) => [file, words])),
);

/** What of a command there is not: a subcommand, or an option. What it takes is in capitals. */
function unknownIn(words: string): readonly string[] {
  let command: Command = program;
  const left = words.split(' ').filter((word) => {
    const found = command.commands.find((each) => each.name() === word);
    command = found ?? command;
    return found === undefined;
  });
  if (HOST_COMMANDS.some(({ name }) => name === command.name())) return [];
  const options = command.options.map(({ long }) => long);
  return left.filter((word) => !/^[A-Z]+$/.test(word) && !options.includes(word));
}

it.each(named)('%s names a command that there is: holdfast %s', (_file, words) => {
  expect(unknownIn(words)).toEqual([]);
});

it('names some commands', () => {
  expect(named.length).toBeGreaterThan(10);
});
