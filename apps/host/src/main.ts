#!/usr/bin/env node
import { CommanderError, type Command } from 'commander';
import { sentenceOf } from '#kernel';
import { outliveReader } from '#kernel/outlive-reader';
import { exitCodeOf } from './exit-code.js';
import { emptyProgram } from './empty-program.js';

try {
  const program = await programFor(process.argv[2]);
  await program.parseAsync();
} catch (error) {
  // Commander has said itself what is wrong with a command line.
  if (!(error instanceof CommanderError)) {
    process.stderr.write(`${sentenceOf(error)}\n`);
  }
  process.exitCode = exitCodeOf(error);
}

/** `up` is what a whole site waits for: it does not load what only the others need. */
async function programFor(command: string | undefined): Promise<Command> {
  const print = (line: string): boolean => process.stdout.write(`${line}\n`);
  if (command === 'up') {
    const { addUp } = await import('./up-command.js');
    const program = emptyProgram();
    addUp(program, process.env, print);
    return program;
  }
  outliveReader(process.stdout);
  const { hostProgram } = await import('./program.js');
  return hostProgram(process.env, print);
}
