import type pg from 'pg';
import { decodeEvent, fold, sentenceOf } from '#kernel';
import type { VerificationEvent } from '#ledger/domain/verification/events';
import {
  LEDGER_STREAM,
  LEDGER_STREAM_AFTER_DAMAGE,
  verification,
  whatCounts,
  type Verification,
} from '#ledger/domain/verification/verification';
import { domainEvent } from '#platform/decide-and-append';
import { fail, ok, warn, type Finding } from '../finding.js';

const CHECK = 'ledger: verifier';
const LOOK =
  'stop the site, and look with "holdfast verify --database": the worker tells when it verifies again; docs/how-to/operate.md#holdfastledgerverificationfailed';
/** A day more than the longest period that can be set. */
const LONG_AGO_MS = 8 * 86_400_000;

/** What the worker's verifier has recorded: it looks at everything at its start and once a period. @param now milliseconds since 1970 */
export async function checkVerifier(client: pg.ClientBase, now: number): Promise<readonly Finding[]> {
  const recordedIn = async (stream: string): Promise<Verification> => {
    const { rows } = await client.query<{ bytes: Buffer }>(
      'select e.bytes from events.event e where e.stream = $1 order by e.stream_revision',
      [stream],
    );
    return fold(
      verification,
      rows.map(({ bytes }) => domainEvent<VerificationEvent>(verification, decodeEvent(bytes))),
    );
  };
  let states: readonly [Verification, Verification];
  try {
    states = [await recordedIn(LEDGER_STREAM), await recordedIn(LEDGER_STREAM_AFTER_DAMAGE)];
  } catch (error) {
    return [
      { ...fail(CHECK, `what it recorded cannot be read: ${sentenceOf(error)}`, LOOK), integrity: true },
    ];
  }
  return judgeVerifier(states, now);
}

/** @param states of the stream that the verifier writes, and of the one in which it goes on when that was damaged */
export function judgeVerifier(
  [first, other]: readonly [Verification, Verification],
  now: number,
): readonly Finding[] {
  const { failing, verified, unsealedSince } = whatCounts(first, other);
  const signing = unsealedSince === null ? [] : [judgeSigning(unsealedSince)];
  if (failing) {
    const count = failing.findings.length + failing.more;
    const says = `since ${failing.since} ledger and events do not agree, in ${count === 1 ? 'one place' : `${count} places`}: ${failing.findings[0]?.says ?? ''}`;
    return [{ ...fail(CHECK, says, LOOK), integrity: true }, ...signing];
  }
  if (verified === null)
    return [
      ok(CHECK, 'it has recorded nothing yet: it looks at everything when the worker starts'),
      ...signing,
    ];
  const says = `all ${verified.entries} entries were verified at ${verified.at}, in ${verified.seconds} s`;
  if (now - Date.parse(verified.at) > LONG_AGO_MS)
    return [warn(CHECK, says, 'it looks at everything once a period: is the worker running?'), ...signing];
  return [ok(CHECK, says), ...signing];
}

function judgeSigning(since: string): Finding {
  return fail(
    'ledger: signing',
    `what happened since ${since} is not sealed, as far as the worker knows`,
    'look at the log of the projector: it holds the key, and seals what happens within seconds',
  );
}
