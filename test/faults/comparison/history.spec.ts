import { describe, expect, it } from 'vitest';
import { encodeEvent, type EventEnvelope } from '#kernel';
import type { StoredAppend } from '#event-store/port';
import { Findings } from '../findings.js';
import { History } from './history.js';

function envelope(id: string, streamRevision: string, part: readonly [number, number]): EventEnvelope {
  return {
    id,
    type: 'Noted',
    v: 1,
    stream: 'note/1',
    streamRevision,
    part,
    at: '2026-11-22T12:48:14.123Z',
    zone: 'Etc/UTC',
    offset: '+00:00',
    actor: { kind: 'service', id: 'test', for: 'note/1' },
    authorisedBy: [],
    reason: { code: 'test', text: 'an event of a test' },
    cause: 'c',
    correlation: 'c',
    data: {},
  };
}

function append(cursor: string, ...envelopes: readonly EventEnvelope[]): StoredAppend {
  const events = envelopes.map((each) => ({
    id: each.id,
    stream: each.stream,
    streamRevision: BigInt(each.streamRevision),
    bytes: encodeEvent(each),
  }));
  return { stream: 'note/1', cursor, events } as unknown as StoredAppend;
}

function findings(...appends: readonly StoredAppend[]): readonly string[] {
  const [history, found] = [new History(), new Findings()];
  for (const each of appends) history.take(each, found);
  return found.all;
}

const FIRST = append('0', envelope('a', '0', [1, 1]));

describe('what a store promises', () => {
  it('holds for appends of one event and of several', () => {
    expect(findings(FIRST, append('2', envelope('b', '1', [1, 2]), envelope('c', '2', [2, 2])))).toEqual([]);
  });

  it.each([
    ['a position that is left out', append('2', envelope('b', '1', [1, 1])), /positions have a gap/],
    ['an event that stands twice', append('1', envelope('a', '1', [1, 1])), /its id a is there twice/],
    ['a lost event of a stream', append('1', envelope('b', '2', [1, 1])), /revision 2, not 1/],
    ['a revision that stands twice', append('1', envelope('b', '0', [1, 1])), /revision 0, not 1/],
    ['half an append', append('1', envelope('b', '1', [1, 2])), /part 1 of 2 stands 1 of 1/],
  ])('is found broken by %s', (_name, second, says) => {
    expect(findings(FIRST, second).join('\n')).toMatch(says);
  });
});
