import { describe, expect, it } from 'vitest';
import { nextTry, type Trying } from './next-try.js';

const at = (ms: number) => new Date(Date.UTC(2026, 10, 24, 8) + ms).toISOString();
const patience = { first: 1_000, longest: 60_000, giveUpAfter: 3_600_000, refusals: 3 };
const failed = { kind: 'failed', why: 'status 503' } as const;
const refused = { kind: 'refused', why: 'status 404' } as const;

function after(tries: number, outcome: typeof failed | typeof refused): Trying | null {
  let trying: Trying | null = null;
  for (let i = 0; i < tries; i++) trying = nextTry(trying, outcome, at(i * 1_000), 1, patience).trying;
  return trying;
}

describe('the next try', () => {
  it('waits twice as long each time, up to the longest pause, with jitter', () => {
    const pauses = [1, 2, 3, 10].map((tries) => {
      const now = at((tries - 1) * 1_000);
      return Date.parse(after(tries, failed)?.nextAt ?? '') - Date.parse(now);
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 60_000]);
    const early = nextTry(null, failed, at(0), 0, patience).trying;
    expect(early).toEqual({ since: at(0), attempts: 1, refusals: 0, nextAt: at(500), why: 'status 503' });
  });

  it('is not before the other side wants it', () => {
    const asked = { ...failed, retryAfterMs: 90_000 };
    expect(nextTry(null, asked, at(0), 1, patience).trying.nextAt).toBe(at(90_000));
  });

  it('is not put off for more than an hour', () => {
    const asked = { ...failed, retryAfterMs: 24 * 3_600_000 };
    expect(nextTry(null, asked, at(0), 1, patience).trying.nextAt).toBe(at(3_600_000));
  });

  it('is given up when the time is over', () => {
    const before = after(1, failed);
    expect(nextTry(before, failed, at(3_599_999), 1, patience).kind).toBe('again');
    expect(nextTry(before, failed, at(3_600_000), 1, patience)).toMatchObject({
      kind: 'given-up',
      trying: { attempts: 2, since: at(0) },
    });
  });

  it('is given up when refusals last; a failure in between is no refusal', () => {
    expect(nextTry(after(1, refused), refused, at(1), 1, patience).kind).toBe('again');
    expect(nextTry(after(2, refused), refused, at(2), 1, patience).kind).toBe('given-up');
    const passed = nextTry(after(2, refused), failed, at(2), 1, patience);
    expect(passed).toMatchObject({ kind: 'again', trying: { refusals: 0 } });
  });
});
