import { CommanderError } from 'commander';
import { CodedError } from '#kernel';
import { ConfigError } from '#platform/config';
import { problemKind } from '#platform/problems/problem-table';
import { BackupError } from './backup/errors.js';

const WRONG_COMMAND_LINE = 2;

/** What the host's commands end with when they fail: docs/reference/exit-codes.md. */
export function exitCodeOf(error: unknown): number {
  // 0: help was asked for, and was shown.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_COMMAND_LINE;
  if (error instanceof ConfigError) return 2;
  if (error instanceof BackupError) return error.exitCode;
  if (!(error instanceof CodedError)) return 1;
  const { code } = error as CodedError<string>;
  return problemKind(code)?.exitCode ?? 1;
}
