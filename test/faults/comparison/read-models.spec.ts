import { describe, expect, it } from 'vitest';
import { Findings } from '../findings.js';
import { History, type Happened } from './history.js';
import { ShownRecord, type Shower } from './read-models.js';

const target = { channel: 'latest/stable', architecture: 'amd64' };
const data = { target, name: 'lab-hello', new: { version: '7', manifest: 'm' }, changeRequest: 'CR-1' };
const history = new History();
for (const [position, type] of ['ChangeDrafted', 'OverrideSet'].entries()) {
  const envelope = { id: `id-${position}`, type, stream: 'release-policy/default', data };
  history.events.push({
    position,
    cursor: String(position),
    sha256: `s${position}`,
    envelope,
  } as unknown as Happened);
}
const REQUESTS = new Map([['CR-1', 'effective']]);

const TRAIL = [
  { position: '0', id: 'id-0', sha256: 's0' },
  { position: '1', id: 'id-1', sha256: 's1' },
];
const SHOWN = [{ id: 'CR-1', status: 'effective' }];
const OVERRIDE = { name: 'lab-hello', ...target, revision: 7, since: { position: '1' } };

/** What is found when control shows this. */
async function findings(
  events: readonly object[],
  changeRequests: readonly object[] = SHOWN,
  overrides: readonly object[] = [OVERRIDE],
): Promise<string> {
  const control: Shower = {
    get: <Body>() => Promise.resolve({ events, changeRequests, overrides, next: null } as Body),
  };
  const found = new Findings();
  await new ShownRecord(control).compare(history, REQUESTS, 'a token', found, () => Promise.resolve());
  return found.all.join('\n');
}

describe('what control shows against the record', () => {
  it('is the record', async () => {
    expect(await findings(TRAIL)).toBe('');
  });

  it.each([
    ['an event that is not shown', TRAIL.slice(0, 1), /shows 1 of 2 events/],
    ['an event that is shown twice', [...TRAIL, ...TRAIL.slice(1)], /shows 3 of 2 events/],
    ['events in another order', TRAIL.toReversed(), /shows id-1 at 1; event 0 is id-0/],
    ['an altered event', [TRAIL[0] ?? {}, { ...TRAIL[1], sha256: 'x' }], /shows id-1 at 1/],
  ])('finds %s', async (_name, trail, says) => {
    expect(await findings(trail)).toMatch(says);
  });

  it.each([
    ['a lost request', [], /is effective, and is shown as undefined/],
    ['one that is shown twice', [...SHOWN, ...SHOWN], /CR-1 is listed twice/],
    ['one that stands otherwise', [{ id: 'CR-1', status: 'captured' }], /is shown as captured/],
    ['one that nobody made', [...SHOWN, { id: 'CR-2', status: 'drafted' }], /2 requests are listed/],
  ])('finds %s', async (_name, requests, says) => {
    expect(await findings(TRAIL, requests)).toMatch(says);
  });

  it.each([
    ['a lost override', [], /0 overrides are shown, there are 1/],
    ['another revision', [{ ...OVERRIDE, revision: 8 }], /is shown as 8 since 1, it is 7 since 1/],
    ['another cause', [{ ...OVERRIDE, since: { position: '0' } }], /is shown as 7 since 0/],
    ['one that is none', [OVERRIDE, { ...OVERRIDE, name: 'lab-tool' }], /it is undefined/],
  ])('finds %s', async (_name, overrides, says) => {
    expect(await findings(TRAIL, SHOWN, overrides)).toMatch(says);
  });
});
