import { INSTALLED_FORMS, MOST_INSTALLED, type InstalledSnap } from './domain/deliveries/installed.js';
import type { DeliveryRecord, DeviceMark, Differed, MemberStamp } from './domain/deliveries/record.js';
import { RING_NAME } from './domain/rings/rings.js';
import { FleetError } from './errors.js';
import type { MessageReader } from './message-reader.js';

/** Printable ASCII: what snapd and the store name things with (brands, models, serials, channels, snap-ids). */
const WORD = /^[\x20-\x7e]{1,200}$/;
const POSITION = /^(?:0|[1-9][0-9]{0,18})$/;
/** Three words of a device, and what it is narrowed by. */
const RULE = /^[\x20-\x7e]{1,700}$/;
const LARGEST_COUNT = 1_000_000_000;

/** A record as a node sent it. @throws FleetError `node-message-malformed` */
export function readRecord(read: MessageReader): DeliveryRecord {
  const record = recordIn(read);
  read.end();
  return record;
}

function recordIn(read: MessageReader): DeliveryRecord {
  const at = read.time('at');
  const what = read.string('what', /^[a-z-]{1,20}$/);
  switch (what) {
    case 'offered':
      return {
        at,
        what,
        device: deviceIn(read),
        snapId: read.string('snapId', WORD),
        name: read.string('name', WORD),
        revision: read.count('revision', Number.MAX_SAFE_INTEGER),
        channel: read.stringOrNull('channel', WORD),
        position: read.string('position', POSITION),
        ...stampIn(read),
      };
    case 'completed':
    case 'broken-off':
      return {
        at,
        what,
        device: deviceIn(read),
        snapId: read.stringOrNull('snapId', WORD),
        name: read.string('name', WORD),
        revision: read.count('revision', Number.MAX_SAFE_INTEGER),
        position: read.string('position', POSITION),
        ...stampIn(read),
      };
    case 'refused':
      return {
        at,
        what,
        subject: read.string('subject', WORD),
        reason: read.string('reason', WORD),
        position: read.string('position', POSITION),
        count: read.count('count', LARGEST_COUNT),
        ...stampIn(read),
      };
    case 'compared':
      return {
        at,
        what,
        until: read.time('until'),
        endpoint: read.string('endpoint', WORD),
        outcome: read.string('outcome', WORD),
        count: read.count('count', LARGEST_COUNT),
      };
    case 'differed':
      return differedIn(read, at);
    case 'dropped':
      return { at, what, until: read.time('until'), count: read.count('count', LARGEST_COUNT) };
    case 'installed':
      return {
        at,
        what,
        device: deviceIn(read),
        architecture: read.string('architecture', INSTALLED_FORMS.architecture),
        report: read.string('report', INSTALLED_FORMS.report),
        snaps: snapsIn(read),
        left: read.count('left', LARGEST_COUNT),
        position: read.string('position', POSITION),
        ...stampIn(read),
      };
    case 'still-installed':
      return {
        at,
        what,
        device: markIn(read.object('device')),
        report: read.string('report', INSTALLED_FORMS.report),
        position: read.string('position', POSITION),
        ...stampIn(read),
      };
    default:
      throw new FleetError('node-message-malformed', `a record of the kind ${what} is not known here`);
  }
}

function differedIn(read: MessageReader, at: string): Differed {
  return {
    at,
    what: 'differed',
    until: read.time('until'),
    device: deviceIn(read),
    endpoint: read.string('endpoint', WORD),
    snapId: read.stringOrNull('snapId', WORD),
    name: read.string('name', WORD),
    place: read.stringOrNull('place', WORD),
    incumbent: read.string('incumbent', WORD),
    ours: read.string('ours', WORD),
    why: read.string('why', WORD),
    position: read.string('position', POSITION),
    count: read.count('count', LARGEST_COUNT),
  };
}

/** Nodes of earlier releases, and records of devices that no rule names, have none. */
function stampIn(read: MessageReader): { readonly member?: MemberStamp } {
  if (!read.has('member')) return {};
  const stamp = read.object('member');
  const member = {
    ring: stamp.string('ring', RING_NAME),
    rule: stamp.string('rule', RULE),
    position: stamp.string('position', POSITION),
  };
  stamp.end();
  return { member };
}

function deviceIn(read: MessageReader): DeviceMark | null {
  const device = read.objectOrNull('device');
  return device === null ? null : markIn(device);
}

function markIn(device: MessageReader): DeviceMark {
  const mark = {
    brand: device.string('brand', WORD),
    model: device.string('model', WORD),
    serial: device.string('serial', WORD),
    proof: device.string('proof', /^(?:store|key)$/) === 'store' ? ('store' as const) : ('key' as const),
  };
  device.end();
  return mark;
}

function snapsIn(read: MessageReader): readonly InstalledSnap[] {
  return read.objects('snaps', MOST_INSTALLED).map((snap) => {
    const installed = {
      snapId: snap.string('snapId', INSTALLED_FORMS.snapId),
      instance: snap.stringOrNull('instance', INSTALLED_FORMS.instance),
      revision: snap.count('revision', Number.MAX_SAFE_INTEGER),
      channel: snap.string('channel', INSTALLED_FORMS.channel),
      cohort: snap.boolean('cohort'),
    };
    snap.end();
    return installed;
  });
}
