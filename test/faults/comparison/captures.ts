import type { Findings } from '../findings.js';
import { Stock } from '../load/stock.js';
import type { Happened, History } from './history.js';
import { ringsOf } from './longer-lives.js';
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
  const rings = ringsOf(events);
  for (const [index, { envelope, position }] of events.entries()) {
    const asked = askedFor(events.slice(0, index));
    const wrong = asked.flatMap(({ version }) => Stock.refusalOf(version) ?? []);
    if (envelope.type === 'ArtefactsCaptured') {
      findings.expect(
        wrong.length === 0,
        `event ${position}: ${id} was captured, and had to be refused: ${wrong.join(', ')}`,
      );
    }
    if (envelope.type !== 'CaptureRefused') continue;
    const before = moves.filter((move) => move.position < position);
    const needless = rings.flatMap((ring) => {
      const ofRing = before.filter((move) => move.ring === ring);
      return asked.flatMap((item) => needlessness(item, ofRing) ?? []);
    });
    const allowed = [...wrong, ...needless];
    const { failures } = envelope.data as unknown as { failures: readonly { readonly code: string }[] };
    findings.expect(
      failures.length > 0 && failures.every(({ code }) => allowed.includes(code)),
      `event ${position}: the capture of ${id} was refused: ${JSON.stringify(failures)}`,
    );
  }
}

/** With which code it may be refused since the policy is that already: who asked did not know how the request before had ended. */
function needlessness(
  { name, channel, version }: AskedItem,
  before: readonly PolicyMove[],
): string | undefined {
  const ofItem = before.filter((move) => move.name === name && move.channel === channel);
  // Of a snap with a revision for each architecture, each stands for itself.
  const stands = new Map(ofItem.map((move) => [move.architecture, move.version]));
  if (version === null)
    return [...stands.values()].every((held) => held === null) ? 'no-such-override' : undefined;
  return [...stands.values()].includes(version) ? 'nothing-to-change' : undefined;
}
