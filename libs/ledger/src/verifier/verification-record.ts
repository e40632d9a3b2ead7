import { uuidv7, type Clock, type CommandContext } from '#kernel';
import { EventStoreError } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import type { Finding, Unsealed } from '../domain/verification/finding.js';
import {
  isOver,
  LEDGER_STREAM,
  LEDGER_STREAM_AFTER_DAMAGE,
  verification,
  whatCounts,
  type Verification,
} from '../domain/verification/verification.js';

/** Where the worker's verifier writes down what it finds. Each resolves once that is on record, and says whether it was new. */
export interface VerificationRecord {
  /** `damaged`: what was recorded before cannot be read. */
  state(): Promise<Verification & { readonly damaged: boolean }>;
  verified(of: { entries: bigint; root: Buffer; seconds: number; everyMs: number }): Promise<boolean>;
  differs(of: { findings: readonly Finding[]; more: number; seconds: number }): Promise<boolean>;
  sealing(sealed: bigint, overdue: Unsealed | null): Promise<boolean>;
}

/** @throws of each: EventStoreError */
export function verificationRecord(writer: StreamWriter, clock: Clock): VerificationRecord {
  const context = (text: string): CommandContext => {
    const id = uuidv7();
    return {
      at: clock.now(),
      actor: { kind: 'service', id: 'worker', for: LEDGER_STREAM },
      reason: { code: 'verification', text },
      cause: id,
      correlation: id,
      authorisedBy: [],
    };
  };
  const record = async (command: Parameters<typeof verification.decide>[0]): Promise<boolean> =>
    (await writer.decideAndAppend(verification, (await readable(writer)).stream, command)).events.length > 0;
  return {
    state: async () => {
      const { state, damaged } = await readable(writer);
      return { ...state, damaged };
    },
    verified: ({ entries, root, seconds, everyMs }) =>
      record({
        type: 'RecordVerified',
        entries: String(entries),
        root: root.toString('base64'),
        seconds,
        everyMs,
        context: context('The ledger and the events that it seals were verified.'),
      }),
    differs: (found) =>
      record({
        type: 'RecordFindings',
        ...found,
        context: context('The ledger and the events that it seals were verified, and do not agree.'),
      }),
    sealing: (sealed, overdue) =>
      record({
        type: 'RecordSealing',
        sealed: String(sealed),
        overdue,
        context: context('Whether what happens is sealed was looked at.'),
      }),
  };
}

/**
 * What the verifier has recorded, and where it goes on: in the other stream while the first cannot be read, and until what was told there is over.
 * @throws EventStoreError; what the other stream cannot be read for
 */
export async function readable(
  writer: Pick<StreamWriter, 'load'>,
): Promise<{ readonly stream: string; readonly state: Verification; readonly damaged: boolean }> {
  const first = await writer.load(verification, LEDGER_STREAM).catch((error: unknown) => {
    if (error instanceof EventStoreError) throw error;
    return undefined;
  });
  const other = await writer.load(verification, LEDGER_STREAM_AFTER_DAMAGE);
  if (first && isOver(other.state))
    return { stream: LEDGER_STREAM, state: whatCounts(first.state, other.state), damaged: false };
  const state = whatCounts(first?.state ?? verification.initialState, other.state);
  return { stream: LEDGER_STREAM_AFTER_DAMAGE, state, damaged: first === undefined };
}
