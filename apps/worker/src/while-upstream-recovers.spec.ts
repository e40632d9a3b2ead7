import { describe, expect, it } from 'vitest';
import { CatalogError } from '#catalog/published';
import { UpstreamError } from '#upstream/published';
import { whileUpstreamRecovers } from './while-upstream-recovers.js';

const PATIENCE = { pauses: [1, 1, 1], atMost: 10_000 };
const ILL = new UpstreamError('server-error', 'ill', { status: 503 });
const never = new AbortController().signal;

/** Fails with these, one after another, and then succeeds. */
function failing(...errors: Error[]) {
  let tries = 0;
  return {
    attempt: (): Promise<string> => {
      const error = errors[tries++];
      return error ? Promise.reject(error) : Promise.resolve('captured');
    },
    tries: () => tries,
  };
}

describe('whileUpstreamRecovers', () => {
  it('tries again while upstream is ill', async () => {
    const { attempt, tries } = failing(ILL, new UpstreamError('unreachable', 'gone'));
    expect(await whileUpstreamRecovers(attempt, PATIENCE, never)).toBe('captured');
    expect(tries()).toBe(3);
  });

  it.each([
    new UpstreamError('malformed-answer', 'nonsense'),
    new UpstreamError('server-error', 'no', { status: 400 }),
    new CatalogError('tampered-artefact', 'not what was signed'),
    new Error('a fault of ours'),
  ])('does not try again after %s', async (error) => {
    const { attempt, tries } = failing(error);
    await expect(whileUpstreamRecovers(attempt, PATIENCE, never)).rejects.toBe(error);
    expect(tries()).toBe(1);
  });

  it('gives up after the last pause, and when the time is over', async () => {
    const often = failing(ILL, ILL, ILL, ILL, ILL);
    await expect(whileUpstreamRecovers(often.attempt, PATIENCE, never)).rejects.toBe(ILL);
    expect(often.tries()).toBe(4);
    const late = failing(ILL, ILL);
    await expect(whileUpstreamRecovers(late.attempt, { pauses: [50], atMost: 20 }, never)).rejects.toBe(ILL);
    expect(late.tries()).toBe(1);
  });

  it('asks no sooner than upstream wants', async () => {
    const busy = (retryAfterMs: number) =>
      new UpstreamError('server-error', 'busy', { status: 429, retryAfterMs });
    const patient = failing(busy(30));
    const began = performance.now();
    expect(await whileUpstreamRecovers(patient.attempt, PATIENCE, never)).toBe('captured');
    expect(performance.now() - began).toBeGreaterThan(29);
    const tooLong = failing(busy(60_000));
    await expect(whileUpstreamRecovers(tooLong.attempt, PATIENCE, never)).rejects.toMatchObject({
      status: 429,
    });
    expect(tooLong.tries()).toBe(1);
  });

  it('blames nobody but the stop for what fails while it stops', async () => {
    const stopping = new AbortController();
    const why = new Error('stopping');
    const attempt = (): Promise<string> => {
      stopping.abort(why);
      return Promise.reject(ILL);
    };
    await expect(whileUpstreamRecovers(attempt, PATIENCE, stopping.signal)).rejects.toBe(why);
  });
});
