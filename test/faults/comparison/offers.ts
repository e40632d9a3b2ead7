import type { Findings } from '../findings.js';
import type { Observation } from '../load/devices.js';
import type { PolicyMove } from './requests.js';

/**
 * What a device was offered, in the order in which it asked, against what the ring went through: each offer is of a state no earlier
 * than the one before. `open` is what upstream has while nothing is held.
 */
export class WalkedOffers {
  /** For each snap and channel, the state that the last offer was of. */
  private readonly walked = new Map<string, number>();

  constructor(private readonly open: Readonly<Record<string, number | undefined>>) {}

  compare(observations: readonly Observation[], moves: readonly PolicyMove[], findings: Findings): void {
    const states = new Map<string, (number | undefined)[]>();
    for (const { snap, channel, revision } of observations) {
      const key = `${snap} ${channel}`;
      const known = states.get(key) ?? this.statesOf(snap, channel, moves);
      states.set(key, known);
      const from = this.walked.get(key) ?? 0;
      const state = known.indexOf(revision, from);
      if (state >= 0) this.walked.set(key, state);
      else
        findings.add(
          known.includes(revision)
            ? `${key} was offered at ${revision}, which was before ${known[from]}: the policy stepped back`
            : `${key} was offered at ${revision}, which it never was held at`,
        );
    }
  }

  private statesOf(snap: string, channel: string, moves: readonly PolicyMove[]): (number | undefined)[] {
    const open = this.open[`${snap} ${channel}`];
    const held = moves.filter(
      (move) => move.name === snap && move.channel === channel && move.architecture === 'amd64',
    );
    return [open, ...held.map(({ version }) => (version === null ? open : Number(version)))];
  }
}

/** Positions that the proxy said it obeys, in the order in which it said so, through all its restarts. */
export function compareObeyed(positions: readonly bigint[], findings: Findings): void {
  for (const [index, position] of positions.entries()) {
    const before = positions[index - 1] ?? 0n;
    findings.expect(position >= before, `the proxy obeyed position ${position} after ${before}`);
  }
}
