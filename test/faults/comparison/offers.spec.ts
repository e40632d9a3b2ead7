import { describe, expect, it } from 'vitest';
import { Findings } from '../findings.js';
import { compareObeyed, WalkedOffers } from './offers.js';
import type { PolicyMove } from './requests.js';

const move = (position: number, version: string | null): PolicyMove => ({
  position,
  ring: 'default',
  name: 'lab-hello',
  channel: 'latest/stable',
  architecture: 'amd64',
  version,
  manifest: undefined,
  request: `CR-${position}`,
});
const MOVES = [move(3, '7'), move(9, '8'), move(12, null), move(20, '9')];

function walked(...rounds: number[][]): readonly string[] {
  const findings = new Findings();
  const offers = new WalkedOffers({ 'lab-hello latest/stable': 1 });
  for (const revisions of rounds) {
    const seen = revisions.map((revision) => ({ snap: 'lab-hello', channel: 'latest/stable', revision }));
    offers.compare(seen, MOVES, findings);
  }
  return findings.all;
}

describe('offers against what the ring went through', () => {
  it('may skip states, and stay in one', () => {
    expect(walked([1, 7, 7, 8, 1, 9], [9, 9])).toEqual([]);
    expect(walked([7, 9])).toEqual([]);
  });

  it('finds a policy that stepped back, also over rounds', () => {
    expect(walked([1, 8, 7])).toEqual([expect.stringContaining('the policy stepped back')]);
    expect(walked([9], [8])).toEqual([expect.stringContaining('the policy stepped back')]);
    expect(walked([9, 1])).toEqual([expect.stringContaining('the policy stepped back')]);
  });

  it('finds a revision that was never held', () => {
    expect(walked([7, 2])).toEqual([expect.stringContaining('was offered at 2, which it never was held at')]);
  });

  it('finds a position that is lower than the one before', () => {
    const findings = new Findings();
    compareObeyed([1n, 4n, 4n, 9n, 5n], findings);
    expect(findings.all).toEqual(['the proxy obeyed position 5 after 9']);
  });
});
