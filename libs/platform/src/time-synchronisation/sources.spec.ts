import { describe, expect, it } from 'vitest';
import { chronyTracking, timedatectlShow, timesyncdFile } from './sources.js';

describe('R06: whether the clock follows a time server', () => {
  // As chrony 4.3 of Debian 12 printed it.
  it.each([
    [
      'synchronised',
      '7F000001,127.0.0.1,9,1795808481.161976643,-0.000001566,-0.000000030,0.000000102,0.207,-0.014,0.947,0.000006663,0.000001482,0.1,Normal\n',
    ],
    [
      'not-synchronised',
      '00000000,,0,0.000000000,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,1.000000000,1.000000000,0.0,Not synchronised\n',
    ],
    // It follows itself.
    [
      'not-synchronised',
      '7F7F0101,,10,1795808419.530219988,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,0.000000000,0.000000000,0.0,Normal\n',
    ],
  ])('chrony says: %s', (state, output) => {
    expect(chronyTracking(output)).toEqual({ state, source: 'chrony' });
  });

  it.each(['', '506 Cannot talk to daemon\n', 'Normal', ','.repeat(13), `${'x,'.repeat(13)}Normal`])(
    'chrony does not say it by %j',
    (output) => {
      expect(chronyTracking(output)).toBeUndefined();
    },
  );

  it.each([
    ['NTPSynchronized=yes\n', { state: 'synchronised', source: 'timedatectl' }],
    ['NTPSynchronized=no\n', { state: 'not-synchronised', source: 'timedatectl' }],
    ['', undefined],
    ['NTPSynchronized=maybe\n', undefined],
    ['NTP=yes\nNTPSynchronized=yes\n', undefined],
  ])('timedatectl, by %j', (output, found) => {
    expect(timedatectlShow(output)).toEqual(found);
  });

  it('systemd-timesyncd, by when it last set the clock', () => {
    const now = Date.parse('2026-11-22T12:00:00.000Z');
    expect(timesyncdFile(now - 2_048_000, now).state).toBe('synchronised');
    expect(timesyncdFile(now - 3 * 2_048_000 - 1, now).state).toBe('not-synchronised');
    // The clock was set back since: the newest that there can be.
    expect(timesyncdFile(now + 60_000, now).state).toBe('synchronised');
    // By more than that, nobody has set it since.
    expect(timesyncdFile(now + 3 * 2_048_000 + 1, now).state).toBe('not-synchronised');
  });
});
