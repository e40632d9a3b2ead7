import { encodeEvent, type EventEnvelope, type JsonValue } from '#kernel';
import type { Message } from '../delivery/message.js';

/** An event of somebody's, as a sink is told of it. */
export function aMessage(rest: Partial<EventEnvelope> = {}, data: JsonValue = {}): Message {
  const envelope: EventEnvelope = {
    id: '019e2c00-0000-7000-8000-000000000001',
    type: 'RingHalted',
    v: 1,
    stream: 'release-policy/production',
    streamRevision: '7',
    part: [1, 1],
    at: '2026-11-24T08:00:00.000Z',
    zone: 'Europe/Zurich',
    offset: '+01:00',
    actor: { kind: 'person', id: 'id-of-olga', name: 'Olga Ørsted', roles: ['operator'], auth: 'session' },
    authorisedBy: [],
    reason: { code: 'incident', text: 'devices restart\r\nBcc: all@site.example', ticket: 'INC-7' },
    cause: 'c',
    correlation: 'r',
    data,
    ...rest,
  };
  return { position: 812n, envelope, bytes: encodeEvent(envelope) };
}
