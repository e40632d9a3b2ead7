#!/usr/bin/env node
import { exitCodeOf } from './exit-code.js';
import { hostProgram } from './program.js';

try {
  await hostProgram(process.env, (line) => process.stdout.write(`${line}\n`)).parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
