import type { Findings } from '../findings.js';
import { Stock } from '../load/stock.js';
import type { Happened, History } from './history.js';
import { askedFor, policyMoves, type AskedItem, type PolicyMove } from './requests.js';

/**
 * Captures are refused for what is wrong with upstream, and for nothing that a fault of ours does; what is wrong is never captured. What
 * was kept stays whole.
 */
export function compareCaptures(history: History, findings: Findings): void {
  const moves = policyMoves(history);
  for (const [id, events] of history.byRequest()) compareRequest(id, events, moves, findings);
  for (const { envelope, position } of history.events) {
    findings.expect(
      envelope.type !== 'KeptBlobDamaged',
      `event ${position}: a kept blob was damaged: ${JSON.stringify(envelope.data)}`,
    );
  }
}

function compareRequest(
  id: string,
  events: readonly Happened[],
  moves: readonly PolicyMove[],
  findings: Findings,
): void {
  for (const { envelope, position } of events) {
    const before = moves.filter((move) => move.position < position);
    const expected = askedFor(events).flatMap((item) => refusalOf(item, before) ?? []);
    if (envelope.type === 'ArtefactsCaptured') {
      findings.expect(
        expected.length === 0,
        `event ${position}: ${id} was captured, and had to be refused: ${expected.join(', ')}`,
      );
    }
    if (envelope.type !== 'CaptureRefused') continue;
    const { failures } = envelope.data as unknown as { failures: readonly { readonly code: string }[] };
    findings.expect(
      failures.length > 0 && failures.every(({ code }) => expected.includes(code)),
      `event ${position}: the capture of ${id} was refused: ${JSON.stringify(failures)}`,
    );
  }
}

/** With which code the capture of an item must be refused, as the policy stood then. */
function refusalOf({ name, channel, version }: AskedItem, before: readonly PolicyMove[]): string | undefined {
  if (version !== null) return Stock.refusalOf(version);
  const last = before.findLast((move) => move.name === name && move.channel === channel);
  return (last?.version ?? null) === null ? 'no-such-override' : undefined;
}
