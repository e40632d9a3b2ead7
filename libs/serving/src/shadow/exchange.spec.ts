import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { Answer, Question } from './compare.js';
import { Exchange, MOST_BYTES } from './exchange.js';

const asked: Question = { endpoint: 'find', name: '', body: Buffer.alloc(0), architecture: 'amd64' };
const body = Buffer.from(JSON.stringify({ results: [{ name: 'a' }] }));
const answered: Answer = { status: 200, body };
const ours = Promise.resolve(answered);
const never = new Promise<Answer>(() => undefined);

function goesBy(exchange: Exchange, bytes: Buffer, encoding?: string, whole = true): void {
  exchange.begins(200, encoding === undefined ? {} : { 'content-encoding': encoding });
  for (let at = 0; at < bytes.length; at += 65_536) exchange.piece(bytes.subarray(at, at + 65_536));
  exchange.ended(whole);
}

it.each([
  ['as it is', body, undefined],
  ['zipped', gzipSync(body), 'gzip'],
])('compares what came %s', async (_, bytes, encoding) => {
  const exchange = new Exchange(asked, ours);
  goesBy(exchange, bytes, encoding);
  expect(await exchange.comparison).toEqual([]);
});

it.each([
  ['incumbent-too-long', Buffer.alloc(MOST_BYTES + 1), undefined, true],
  ['incumbent-unreadable', gzipSync(Buffer.alloc(5 * MOST_BYTES)), 'gzip', true],
  ['incumbent-unreadable', body, 'gzip', true],
  ['incumbent-unreadable', body, 'br', true],
  ['broken-off', body, undefined, false],
])('says %s', async (reason, bytes, encoding, whole) => {
  const exchange = new Exchange(asked, ours);
  goesBy(exchange, bytes, encoding, whole);
  expect(await exchange.comparison).toBe(reason);
});

it('says who was late, who failed, and once', async () => {
  expect(await new Exchange(asked, ours, 5).comparison).toBe('incumbent-slow');
  const waiting = new Exchange(asked, never, 5);
  goesBy(waiting, body);
  expect(await waiting.comparison).toBe('ours-slow');
  const failing = new Exchange(asked, Promise.reject(new Error('broken')));
  goesBy(failing, body);
  expect(await failing.comparison).toBe('ours-failed');
  const unanswered = new Exchange(asked, ours);
  unanswered.ended(false);
  unanswered.ended(true);
  expect(await unanswered.comparison).toBe('incumbent-failed');
});
