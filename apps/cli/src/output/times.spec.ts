import { describe, expect, it } from 'vitest';
import { TestCli } from '../testing/test-cli.js';
import { fields, table } from './table.js';
import { siteTime, withSiteZone } from './times.js';

/** Two moments of an hour that clocks in Zurich showed twice, and one in summer. */
const TIMES = ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z', '2026-07-01T22:59:59.123Z'];
const COLUMNS = [{ header: 'Time', cell: (at: string) => at }];

describe('R07: a time', () => {
  it('is shown in UTC and beside it in the site’s zone, with its offset, in every table', () => {
    const text = withSiteZone('Europe/Zurich', () => table(TIMES, COLUMNS));
    expect(text.split('\n').slice(1, 4)).toEqual([
      '2026-10-25T00:30:00.000Z (2026-10-25 02:30:00 +02:00)',
      '2026-10-25T01:30:00.000Z (2026-10-25 02:30:00 +01:00)',
      '2026-07-01T22:59:59.123Z (2026-07-02 00:59:59 +02:00)',
    ]);
    expect(withSiteZone('Asia/Kathmandu', () => fields([['At', TIMES[0]]]))).toBe(
      'At:  2026-10-25T00:30:00.000Z (2026-10-25 06:15:00 +05:45)\n',
    );
  });

  it.each([undefined, 'Etc/UTC', 'UTC', 'Mars/Olympus'])('is UTC alone where the zone is %s', (zone) => {
    expect(withSiteZone(zone, () => fields([['At', TIMES[0]]]))).toBe('At:  2026-10-25T00:30:00.000Z\n');
  });

  it('is told from what somebody wrote', () => {
    const words = 'see 2026-10-25T00:30:00.000Z';
    const wrong = '2026-13-45T99:99:99.000Z';
    expect(
      withSiteZone('Europe/Zurich', () =>
        fields([
          ['Why', words],
          ['At', wrong],
        ]),
      ),
    ).toBe(`Why:  ${words}\nAt:   ${wrong}\n`);
  });

  it('of an event has the offset that was recorded, whatever the zone has now', () => {
    expect(siteTime({ at: '2026-07-01T10:00:00.000Z', offset: '+01:00', zone: 'Europe/Zurich' })).toBe(
      '2026-07-01 11:00:00.000 +01:00 Europe/Zurich',
    );
    expect(siteTime({ at: '2026-01-01T00:15:00.000Z', offset: '-03:30', zone: 'America/St_Johns' })).toBe(
      '2025-12-31 20:45:00.000 -03:30 America/St_Johns',
    );
  });

  it('is in the zone that the server says, for people, and UTC for programs and under the incumbent’s names', async () => {
    const cli = new TestCli();
    cli.env['HOLDFAST_TOKEN'] = 'token';
    const override = {
      name: 'core18',
      channel: 'latest/stable',
      architecture: 'amd64',
      version: '1',
      since: { at: TIMES[0] },
    };
    const answer = [
      200,
      { overrides: [override], next: null },
      { 'holdfast-zone': 'Europe/Zurich' },
    ] as const;
    await cli.control({ 'GET /v1/overrides': answer, 'GET /v1/overrides?limit=500': answer });
    const forPeople = await cli.run(['list-overrides']);
    expect(forPeople.stdout).toContain('2026-10-25T00:30:00.000Z (2026-10-25 02:30:00 +02:00)');
    const forPrograms = await cli.run(['list-overrides', '--format', 'json']);
    expect(forPrograms.stdout).not.toContain('+02:00');
    cli.name = 'snap-proxy';
    expect((await cli.run(['list-overrides'])).stdout).not.toContain('+02:00');
  });
});
