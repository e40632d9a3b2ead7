#!/usr/bin/env node
import { CommanderError } from 'commander';
import { sentenceOf } from '#kernel';
import { outliveReader } from '#kernel/outlive-reader';
import { exitCodeOf } from './exit-code.js';
import { hostProgram } from './program.js';

const command = process.argv[2];
// What `up` prints is a log: that nobody can read it is an error.
if (command !== 'up') outliveReader(process.stdout);

try {
  const program = await hostProgram(command, process.env, (line) => process.stdout.write(`${line}\n`));
  await program.parseAsync();
} catch (error) {
  // Commander has said itself what is wrong with a command line.
  if (!(error instanceof CommanderError)) {
    process.stderr.write(`${sentenceOf(error)}\n`);
  }
  process.exitCode = exitCodeOf(error);
}
