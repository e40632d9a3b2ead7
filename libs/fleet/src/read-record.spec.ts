import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import { MessageReader } from './message-reader.js';
import { readRecord } from './read-record.js';

const device = { brand: 'lab', model: 'box', serial: '1', proof: 'store' };
const snap = { snapId: 'id', instance: null, revision: 7, channel: 'latest/stable', cohort: false };
const head = { at: '2026-11-26T12:00:00.000Z', device, report: 'a'.repeat(64), position: '41' };
const installed = { ...head, what: 'installed', architecture: 'amd64', snaps: [snap], left: 0 };
const still = { ...head, what: 'still-installed' };

const read = (record: JsonObject) => readRecord(MessageReader.of(record, ''));
const refusal = (record: JsonObject): string => {
  try {
    read(record);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'taken';
};

describe('what a device has installed', () => {
  it('is read as it was written', () => {
    const nobody = { ...installed, device: null };
    for (const record of [installed, nobody, still]) expect(read(record)).toEqual(record);
  });

  it('is read with the rule that the device is in its ring by, and without one as before', () => {
    const member = { ring: 'pilot', rule: 'model acme/gateway in 10.20.0.0/16', position: '40' };
    for (const record of [installed, still])
      expect(read({ ...record, member })).toEqual({ ...record, member });
    const { at, position } = head;
    const artefact = { snapId: 'id', name: 'lab-hello', revision: 7 };
    const ended = { at, device, ...artefact, position };
    for (const record of [
      { ...ended, what: 'offered', channel: 'latest/stable' },
      { ...ended, what: 'completed' },
      { ...ended, what: 'broken-off' },
      { at, what: 'refused', subject: 'id', reason: 'denied', position, count: 3 },
    ]) {
      expect(read(record)).toEqual(record);
      expect(read({ ...record, member })).toEqual({ ...record, member });
    }
    // Of records that there was no room for, nobody knows whose they were.
    const dropped = { at, what: 'dropped', until: at, count: 3 };
    expect(read(dropped)).toEqual(dropped);
    expect(refusal({ ...dropped, member })).toContain('/member is no member of this');
    for (const [wrong, why] of [
      [{ ...member, ring: 'The Ring' }, '/member/ring has another form'],
      [{ ...member, rule: '' }, '/member/rule has another form'],
      [{ ...member, position: 'x' }, '/member/position has another form'],
      [{ ...member, more: 1 }, '/member/more is no member of this'],
      [null, '/member is not an object'],
    ] as const)
      expect(refusal({ ...installed, member: wrong })).toContain(why);
  });

  it.each<[string, JsonObject]>([
    ['/snaps is no list of at most 200', { snaps: Array.from({ length: 201 }, () => snap) }],
    ['/snaps is no list of at most 200', { snaps: {} }],
    ['/snaps/0 is not an object', { snaps: ['core18'] }],
    ['/snaps/0/snapId has another form', { snaps: [{ ...snap, snapId: 'a b' }] }],
    ['/snaps/0/snapId has another form', { snaps: [{ ...snap, snapId: 'x'.repeat(41) }] }],
    ['/snaps/0/instance has another form', { snaps: [{ ...snap, instance: '' }] }],
    ['/snaps/0/revision is no whole number', { snaps: [{ ...snap, revision: -1 }] }],
    ['/snaps/0/revision is no whole number', { snaps: [{ ...snap, revision: 'x1' }] }],
    ['/snaps/0/channel has another form', { snaps: [{ ...snap, channel: 'x'.repeat(101) }] }],
    ['/snaps/0/cohort is neither true nor false', { snaps: [{ ...snap, cohort: 'yes' }] }],
    ['/snaps/0/name is no member of this', { snaps: [{ ...snap, name: 'core18' }] }],
    ['/architecture has another form', { architecture: 'x'.repeat(17) }],
    ['/report has another form', { report: 'A'.repeat(64) }],
    ['/left is no whole number', { left: 1e12 }],
    ['/position has another form', { position: '-1' }],
    ['/device/proof has another form', { device: { ...device, proof: 'none' } }],
    ['/more is no member of this', { more: 1 }],
  ])('is refused when %s', (why, more) => {
    expect(refusal({ ...installed, ...more })).toContain(why);
  });

  it('is confirmed only of a device that showed who it is', () => {
    expect(refusal({ ...still, device: null })).toContain('/device is not an object');
    expect(refusal({ ...still, snaps: [snap] })).toContain('/snaps is no member of this');
  });
});
