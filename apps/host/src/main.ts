#!/usr/bin/env node
import { CommanderError } from 'commander';
import { sentenceOf } from '#kernel';
import { exitCodeOf } from './exit-code.js';
import { hostProgram } from './program.js';

try {
  await hostProgram(process.env, (line) => process.stdout.write(`${line}\n`)).parseAsync();
} catch (error) {
  // Commander has said itself what is wrong with a command line.
  if (!(error instanceof CommanderError)) {
    process.stderr.write(`${sentenceOf(error)}\n`);
  }
  process.exitCode = exitCodeOf(error);
}
