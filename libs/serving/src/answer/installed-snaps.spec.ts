import { expect, it } from 'vitest';
import { installedSnaps } from './installed-snaps.js';

const snap = { snapId: 'id', instance: null, revision: 7, channel: 'stable', cohort: false };
const item = { 'snap-id': 'id', 'instance-key': 'id', revision: 7 };

it('says of each snap what the context says', () => {
  expect(
    installedSnaps([
      item,
      { ...item, 'tracking-channel': '' },
      { ...item, 'tracking-channel': '22/edge/fix', 'cohort-key': 'key' },
      { ...item, 'instance-key': 'id:hash', 'cohort-key': '' },
      { ...item, 'instance-key': 'other' },
    ]),
  ).toEqual([
    snap,
    snap,
    { ...snap, channel: '22/edge/fix', cohort: true },
    { ...snap, instance: 'hash' },
    { ...snap, instance: 'other' },
  ]);
});
