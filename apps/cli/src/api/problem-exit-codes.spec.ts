import { describe, expect, it } from 'vitest';
import { PROBLEMS } from '#platform/problems/problem-table';
import { EXIT } from '../exit-codes.js';
import { exitCodeOfProblem } from './problem-exit-codes.js';

describe('the exit code of a problem', () => {
  it.each(Object.entries(PROBLEMS))('%s is as the table of problems says', (code, { status, exitCode }) => {
    expect(exitCodeOfProblem({ code, status })).toBe(exitCode);
  });

  it('of a server that answers with no problem of ours goes by its status', () => {
    expect(exitCodeOfProblem({ code: 'http-500', status: 500 })).toBe(EXIT.failure);
    expect(exitCodeOfProblem({ code: 'http-502', status: 502 })).toBe(EXIT.unreachable);
    expect(exitCodeOfProblem({ code: 'http-418', status: 418 })).toBe(EXIT.failure);
  });
});
