import { describe, expect, it } from 'vitest';
import { asText, encodeEvent, isText, type EventEnvelope } from '#kernel';

const NUL = '\0';
const HALF = '\uD800';

describe('isText', () => {
  it.each([['a'], [null], [1], [{ a: ['b', { c: '\u{1F600}' }] }]])('takes %j', (value) => {
    expect(isText(value)).toBe(true);
  });
  it.each([[NUL], [HALF], [['a', NUL]], [{ a: { b: `x${HALF}` } }], [{ [NUL]: 1 }]])(
    'refuses %j',
    (value) => {
      expect(isText(value)).toBe(false);
    },
  );
});

describe('asText', () => {
  it('makes text of whatever somebody sent', () =>
    expect(asText(`a${NUL}b${HALF}`, 10)).toBe('a\uFFFDb\uFFFD'));
  it('cuts no pair in two', () => expect(asText('ab\u{1F600}cd', 4)).toBe('ab\uFFFD…'));
});

describe('an event', () => {
  const event: EventEnvelope = {
    id: 'id',
    type: 'T',
    v: 1,
    stream: 's',
    streamRevision: '0',
    part: [1, 1],
    at: '2026-11-22T12:48:14.123Z',
    zone: 'Etc/UTC',
    offset: '+00:00',
    actor: { kind: 'service', id: 'worker', for: 's' },
    authorisedBy: [],
    reason: { code: 'other', text: 'because of this' },
    cause: 'c',
    correlation: 'c',
    data: {},
  };
  const saying = (text: string): EventEnvelope => ({ ...event, reason: { code: 'other', text } });

  it.each([`because${NUL}of this`, `because${HALF}`])(
    'cannot hold what no projection could store',
    (text) => {
      expect(() => encodeEvent(saying(text))).toThrow(expect.objectContaining({ code: 'not-text' }));
    },
  );
  it('can hold what is only written like a NUL', () => {
    const text = String.raw`the bytes \u0000 and \\u0000`;
    expect(Buffer.from(encodeEvent(saying(text))).toString()).toContain(JSON.stringify(text));
  });
});
