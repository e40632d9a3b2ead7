import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  decodeEvent,
  encodeEvent,
  MAX_EVENT_BYTES,
  type EventEnvelope,
  type JsonObject,
} from '#kernel';

const envelope: EventEnvelope = {
  id: '01935c1e-0000-7000-8000-000000000001',
  type: 'OverrideSet',
  v: 1,
  stream: 'release-policy/production',
  streamRevision: '9007199254740993',
  part: [1, 3],
  at: '2026-11-22T12:48:14.123Z',
  zone: 'Europe/Zurich',
  offset: '+01:00',
  actor: { kind: 'service', id: 'worker', for: 'change-request/CR-2026-0042' },
  authorisedBy: ['01935c1e-0000-7000-8000-000000000000'],
  reason: { code: 'security-fix', text: 'fixed in 1033 — tested per TP-88', ticket: 'CHG-2042' },
  cause: 'c',
  correlation: 'r',
  data: { old: null, new: { version: '1033' } },
};

const members = envelope as unknown as JsonObject;
const without = (name: string): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([key]) => key !== name));
const bytesOf = (value: JsonObject): Buffer => Buffer.from(canonicalJson(value));

function envelopeOfSize(size: number): EventEnvelope {
  const empty = encodeEvent({ ...envelope, data: '' }).length;
  return { ...envelope, data: 'x'.repeat(size - empty) };
}

describe('an event', () => {
  it('comes back from its bytes, and has the same bytes again', () => {
    const bytes = encodeEvent(envelope);
    expect(decodeEvent(bytes)).toEqual(envelope);
    expect(encodeEvent(decodeEvent(bytes))).toEqual(bytes);
  });

  it('is canonical JSON in UTF-8', () => {
    expect(Buffer.from(encodeEvent(envelope)).toString('utf8')).toBe(canonicalJson(members));
  });

  it('may have 65,535 bytes and not one more', () => {
    expect(encodeEvent(envelopeOfSize(MAX_EVENT_BYTES))).toHaveLength(65_535);
    expect(() => encodeEvent(envelopeOfSize(MAX_EVENT_BYTES + 1))).toThrow(
      expect.objectContaining({ code: 'event-too-large' }),
    );
  });

  it('is counted in bytes, not in characters', () => {
    const data = '€'.repeat(22_000);
    expect(() => encodeEvent({ ...envelope, data })).toThrow(
      expect.objectContaining({ code: 'event-too-large' }),
    );
  });

  it('may have data of a kind that nobody here knows', () => {
    const later = { ...members, type: 'LaterEvent', v: 99, data: 7, unheardOf: true };
    expect(decodeEvent(bytesOf(later))).toEqual(later);
  });
});

describe('decodeEvent refuses', () => {
  const malformed = expect.objectContaining({ code: 'malformed-event' }) as unknown;

  it.each(Object.keys(members))('an event without %s', (name) => {
    expect(() => decodeEvent(bytesOf(without(name)))).toThrow(malformed);
  });

  it.each<[string, JsonObject]>([
    ['a revision that is no decimal', { streamRevision: '01' }],
    ['a negative revision', { streamRevision: '-1' }],
    ['a revision that is a number', { streamRevision: 1 }],
    ['a version that is a string', { v: '1' }],
    ['a part of nothing', { part: [0, 0] }],
    ['a part beyond the last', { part: [3, 2] }],
    ['three numbers for a part', { part: [1, 2, 3] }],
    ['half a part', { part: [1.5, 2] }],
    ['no list of authorisations', { authorisedBy: 'everybody' }],
    ['nobody as its actor', { actor: null }],
    ['no reason', { reason: null }],
  ])('%s', (_, change) => {
    expect(() => decodeEvent(bytesOf({ ...members, ...change }))).toThrow(malformed);
  });

  it.each([
    ['what is not JSON', Buffer.from('{')],
    ['what is not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['a list', Buffer.from('[]')],
    ['null', Buffer.from('null')],
    ['nothing', Buffer.of()],
  ])('%s', (_, bytes) => {
    expect(() => decodeEvent(bytes)).toThrow(malformed);
  });
});
