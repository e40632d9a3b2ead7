import { describe, expect, it } from 'vitest';
import { behindUpstream, offeredNow, type OfferChange } from './behind.js';

const target = { channel: 'latest/stable', architecture: 'amd64' };
const day = (n: number) => `2026-10-${String(n).padStart(2, '0')}T00:00:00.000Z`;
const offered = (n: number, revision: number | null, channel = 'latest/stable', architecture = 'amd64') =>
  ({ at: day(n), channel, architecture, revision }) satisfies OfferChange;
const behind = (version: string, ...changes: OfferChange[]) => behindUpstream(target, version, changes);

describe('a hold is behind upstream', () => {
  it('since upstream has had something newer, whatever came after', () => {
    expect(behind('7', offered(1, 7), offered(5, 8), offered(9, 9))).toEqual({
      upstream: '9',
      since: day(5),
      offeredSince: day(9),
    });
  });
  it('no more once upstream went back to it, or behind it', () => {
    expect(behind('7', offered(1, 8), offered(5, 7))).toBeNull();
    expect(behind('7', offered(1, 8), offered(5, 6))).toBeNull();
  });
  it('anew after that', () => {
    expect(behind('7', offered(1, 8), offered(5, 7), offered(9, 8))).toMatchObject({ since: day(9) });
  });
  it('not by another architecture, another track or a riskier channel', () => {
    const other = [
      offered(1, 9, 'latest/edge'),
      offered(1, 9, '2.0/stable'),
      offered(1, 9, 'latest/stable', 'arm64'),
    ];
    expect(behind('7', ...other)).toBeNull();
  });
  it('by the next stabler channel where its own is closed, and by the risk of a branch', () => {
    const at = (channel: string, ...changes: OfferChange[]) =>
      behindUpstream({ ...target, channel }, '7', changes);
    expect(at('latest/beta', offered(1, 8))).toMatchObject({ upstream: '8' });
    expect(
      at('latest/beta', offered(1, 9, 'latest/beta'), offered(2, 8), offered(3, null, 'latest/beta')),
    ).toEqual({
      upstream: '8',
      since: day(1),
      offeredSince: day(3),
    });
    expect(at('latest/edge/fix-1', offered(1, 8, 'latest/edge'))).toMatchObject({ upstream: '8' });
  });
  it('never where nothing is known', () => expect(behind('7')).toBeNull());
});

it('what upstream has now is what a device on the channel would get', () => {
  const release = (channel: string, revision: number, architecture = 'amd64') => ({
    channel,
    architecture,
    revision,
  });
  const open = [release('latest/stable', 8), release('latest/beta', 9), release('latest/stable', 7, 'arm64')];
  expect(offeredNow(target, open)).toBe('8');
  expect(offeredNow({ ...target, channel: 'latest/edge' }, open)).toBe('9');
  expect(offeredNow({ ...target, channel: '2.0/stable' }, open)).toBeUndefined();
  expect(offeredNow(target, [])).toBeUndefined();
});
