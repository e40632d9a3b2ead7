import { CodedError } from '#kernel';
import { ConfigError } from '#platform/config';
import { PROBLEMS } from '#platform/problems/problem-table';
import { BackupError } from './backup/errors.js';

/** What the host's commands end with when they fail: docs/reference/exit-codes.md. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError) return 2;
  if (error instanceof BackupError) return error.exitCode;
  if (!(error instanceof CodedError)) return 1;
  return Object.entries(PROBLEMS).find(([code]) => code === error.code)?.[1].exitCode ?? 1;
}
