import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StreamWriter } from '#platform/decide-and-append';
import { StoppedClock } from '#kernel';
import { holdsStream } from '#release-control/domain/holds/holds';
import { lookAtHolds } from '#release-control/holds/look-at-holds';
import { ControlUnderTest, REASON } from '#test/support/control-under-test';
import { Stage } from './testing/stage.js';

let stage: Stage;
let snap: string;
beforeAll(async () => {
  stage = await Stage.set(await ControlUnderTest.start());
  snap = await stage.held();
  await stage.projector.catchUp();
});
afterAll(() => stage.end());

const risk = 'what it fixes is not in use here';
const set = (login: string, body: object) =>
  stage.control.ask('POST', '/v1/holds', {
    token: stage.token(login),
    body: { ring: 'default', snap, owner: 'ana', risk, expiresAt: '2027-01-01', reason: REASON, ...body },
  });
const listed = async () =>
  (await stage.control.ask('GET', '/v1/holds', { token: stage.token('ana') })).json['holds'];

describe('what is held back', () => {
  it('is listed with its reason and age, and without terms at first', async () => {
    expect(await listed()).toEqual([
      {
        ring: 'default',
        name: snap,
        channel: 'latest/stable',
        architecture: 'amd64',
        version: '1',
        since: { at: expect.any(String) as string, changeRequest: expect.stringMatching(/^CR-/) as string },
        reason: REASON,
        newer: null,
        terms: null,
      },
    ]);
  });

  it('gets an owner, an accepted risk and an end from somebody who signs', async () => {
    expect((await set('cyd', {})).status).toBe(200);
    expect(await listed()).toMatchObject([
      { terms: { owner: 'ana', risk, expiresAt: '2027-01-01T00:00:00.000Z', expired: false } },
    ]);
    const leaving = (login: string) =>
      stage.control.ask('GET', `/v1/people/${login}/leaving`, { token: stage.token('admin') });
    expect((await leaving('ana')).json).toMatchObject({
      holds: [{ ring: 'default', name: snap, channel: 'latest/stable' }],
    });
    expect((await leaving('cyd')).json).toMatchObject({ holds: [] });
    const cases = [
      ['olga', {}, 'hold-terms-need-a-signer'],
      ['cyd', { owner: 'nobody' }, 'wrong-hold-terms'],
      ['cyd', { expiresAt: '2026-01-01' }, 'wrong-hold-terms'],
      ['cyd', { expiresAt: 'soon' }, 'invalid-request'],
      ['cyd', { expiresAt: '2027-W12-3' }, 'invalid-request'],
      ['cyd', { expiresAt: '2027-02-30' }, 'invalid-request'],
      ['cyd', { expiresAt: '2027-03-31T18:00:00' }, 'invalid-request'],
      ['cyd', { snap: 'not-held' }, 'no-such-hold'],
      ['cyd', { ring: 'gone' }, 'no-such-ring'],
    ] as const;
    for (const [login, body, code] of cases) expect((await set(login, body)).json).toMatchObject({ code });
  });

  it('is reminded of and is over once each, whoever looks and however often', async () => {
    const { store } = stage.control.adapters;
    const looks = [
      ['2026-12-15T00:00:00.000Z', ['HoldReminded'], 0],
      ['2026-12-15T00:05:00.000Z', [], 0],
      ['2027-01-01T00:00:00.000Z', ['HoldExpired'], 1],
      ['2027-01-01T00:05:00.000Z', [], 1],
    ] as const;
    for (const [at, types, expired] of looks) {
      // A worker that was started anew.
      const seen = await lookAtHolds(new StreamWriter(store, 'Etc/UTC'), new StoppedClock(at));
      expect([seen.events.map(({ type }) => type), seen.expired]).toEqual([types, expired]);
    }
    expect(await listed()).toMatchObject([{ version: '1', terms: { expired: true } }]);
    expect((await stage.control.history(holdsStream('default'))).map(({ type }) => type)).toEqual([
      'HoldTermsSet',
      'HoldReminded',
      'HoldExpired',
    ]);
  });
});
