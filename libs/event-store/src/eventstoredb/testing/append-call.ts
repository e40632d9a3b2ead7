import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import { callRefusal, tooLarge } from './call-refusal.js';
import type { EventLog, Expected, ProposedEvent, Written } from './event-log.js';
import type { Faults } from './faults.js';
import { expectedOf, proposedEvent, sizeOnDisk, streamName } from './messages.js';

type Call = ServerReadableStream<streams.AppendReq, streams.AppendResp>;

/** `Append`: options first, then an event a message; one answer at the end. */
export function appendCall(log: EventLog, faults: Faults, cut: () => void) {
  return (call: Call, answer: sendUnaryData<streams.AppendResp>): void => {
    let options: streams.AppendReq.Options | undefined;
    const events: ProposedEvent[] = [];
    // Who gives up in the middle has appended nothing.
    call.on('error', () => undefined);
    call.on('data', (message: streams.AppendReq) => {
      const proposed = message.getProposedMessage();
      options ??= message.getOptions();
      if (proposed) events.push(proposedEvent(proposed));
    });
    call.on('end', () => {
      if (call.cancelled || faults.silent) return;
      const refused = callRefusal(faults, call.metadata) ?? sizeRefusal(events, faults);
      if (refused) {
        answer(refused);
        return;
      }
      const expected = options ? expectedOf(options) : 'any';
      const written = log.append(streamName(options?.getStreamIdentifier()), expected, events);
      if (written.outcome !== 'conflict' && takeOne(faults, 'cutAfterWrite')) cut();
      else if (written.outcome !== 'conflict' && takeOne(faults, 'silentAfterWrite')) return;
      else answer(null, appendAnswer(written, expected));
    });
  };
}

function takeOne(faults: Faults, fault: 'cutAfterWrite' | 'silentAfterWrite'): boolean {
  if (faults[fault] === 0) return false;
  faults[fault] -= 1;
  return true;
}

function sizeRefusal(events: readonly ProposedEvent[], { maxAppendBytes }: Faults) {
  const size = events.reduce((sum, event) => sum + sizeOnDisk(event), 0);
  return size > maxAppendBytes ? tooLarge(maxAppendBytes) : null;
}

function appendAnswer(written: Written, expected: Expected): streams.AppendResp {
  const message = new streams.AppendResp();
  if (written.outcome === 'conflict') {
    const conflict = new streams.AppendResp.WrongExpectedVersion();
    if (written.current === null) conflict.setCurrentNoStream(new shared.Empty());
    else conflict.setCurrentRevision(String(written.current));
    if (expected === 'no-stream') conflict.setExpectedNoStream(new shared.Empty());
    else if (expected === 'any') conflict.setExpectedAny(new shared.Empty());
    else if (expected === 'stream-exists') conflict.setExpectedStreamExists(new shared.Empty());
    else conflict.setExpectedRevision(String(expected));
    message.setWrongExpectedVersion(conflict);
    return message;
  }
  const success = new streams.AppendResp.Success();
  success.setCurrentRevision(String(written.last.revision));
  const position = new streams.AppendResp.Position();
  position.setCommitPosition(String(written.last.position));
  position.setPreparePosition(String(written.last.position));
  success.setPosition(position);
  message.setSuccess(success);
  return message;
}
