import { CommanderError } from 'commander';
import { CodedError } from '#kernel';
import { ProblemError, type Problem } from '../api/problem.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { IntegrityError } from '../verify/integrity-error.js';
import { colours } from './colour.js';
import { inOptionNames } from './option-names.js';

/** Says on standard error what went wrong, as a sentence or as the problem document, and what to exit with. @param argv what was asked, whose options a sentence names */
export function reportError(cli: Cli, error: unknown, asJson: boolean, argv: readonly string[]): ExitCode {
  const problem = problemOf(error);
  const { bad } = colours(cli, cli.stderr);
  const request = problem.requestId === undefined ? '' : ` (request ${problem.requestId})`;
  const text = asJson ? JSON.stringify(problem) : `${bad('error:')} ${sentence(problem, argv)}${request}`;
  cli.stderr.write(`${text}\n`);
  return exitCodeOf(error);
}

function sentence(
  { detail, title, errors }: Pick<Problem, 'detail' | 'title' | 'errors'>,
  argv: readonly string[],
): string {
  // A server of another release, or a proxy in between, may say them in another form.
  const fields = Array.isArray(errors) && errors.length > 0 ? errors : undefined;
  return fields ? inOptionNames(fields, argv) : (detail ?? title);
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError || error instanceof ProblemError) return error.exitCode;
  if (error instanceof IntegrityError) return EXIT.integrity;
  if (error instanceof CommanderError) return EXIT.usage;
  return EXIT.failure;
}

/** The server's own document unchanged; for what the CLI found itself, one of the same form without a status. */
function problemOf(error: unknown): Problem | (Omit<Problem, 'status'> & { readonly position?: string }) {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof CommanderError) return local('usage', error.message.replace(/^error: /, ''));
  if (error instanceof IntegrityError) return { ...local(error.code, error.message), ...error.facts };
  if (error instanceof CodedError) return local(String(error.code), error.message);
  return local('failure', error instanceof Error ? error.message : String(error));
}

function local(code: string, detail: string): Omit<Problem, 'status'> {
  return { type: `urn:holdfast:problem:${code}`, title: 'The command failed', detail, code };
}
