import streams from '@eventstore/db-client/generated/streams_pb.js';
import { status, type ServerWritableStream } from '@grpc/grpc-js';
import { callRefusal } from './call-refusal.js';
import type { EventLog, LogRecord } from './event-log.js';
import type { Faults } from './faults.js';
import { eventMessage, identifier, streamName } from './messages.js';

export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

/** `Read`: of a stream or of all, forwards, and subscriptions to all. Reading backwards, which no store of ours does, is answered with gRPC's UNIMPLEMENTED. */
export function readCall(log: EventLog, faults: Faults, subscribers: Set<ReadCall>) {
  return (call: ReadCall): void => {
    const options = call.request.getOptions();
    call.on('error', () => undefined);
    if (faults.silent) return;
    const refused = callRefusal(faults, call.metadata);
    if (refused) call.emit('error', refused);
    else if (!options || options.getReadDirection() !== 0)
      call.emit('error', { code: status.UNIMPLEMENTED, details: 'not in this double' });
    else if (options.hasSubscription()) subscribe(call, options, log, subscribers);
    else if (options.hasStream()) readStream(call, options, log);
    else readAll(call, options, log);
  };
}

type Options = streams.ReadReq.Options;

function readStream(call: ReadCall, options: Options, log: EventLog): void {
  const asked = options.getStream();
  const name = streamName(asked?.getStreamIdentifier());
  const held = log.stream(name);
  if (held.length === 0) {
    const missing = new streams.ReadResp.StreamNotFound();
    missing.setStreamIdentifier(identifier(name));
    const message = new streams.ReadResp();
    message.setStreamNotFound(missing);
    call.write(message);
  } else {
    const from = asked?.hasRevision() ? BigInt(asked.getRevision()) : 0n;
    send(
      call,
      held.filter(({ revision }) => revision >= from),
      options,
    );
  }
  call.end();
}

function readAll(call: ReadCall, options: Options, log: EventLog): void {
  const position = options.getAll()?.getPosition();
  // Inclusive for a read.
  const from = position ? BigInt(position.getCommitPosition()) : 0n;
  send(call, log.from(from, Number(options.getCount())), options);
  call.end();
}

function send(call: ReadCall, records: readonly LogRecord[], options: Options): void {
  for (const record of records.slice(0, Number(options.getCount()))) call.write(eventMessage(record));
}

function subscribe(call: ReadCall, options: Options, log: EventLog, subscribers: Set<ReadCall>): void {
  const types = options.getFilter()?.getEventType()?.getRegex();
  const wanted = new RegExp(types ?? '');
  const give = (records: readonly LogRecord[]): void => {
    for (const record of records) if (wanted.test(record.type)) call.write(eventMessage(record));
  };
  const confirmation = new streams.ReadResp();
  confirmation.setConfirmation(new streams.ReadResp.SubscriptionConfirmation());
  call.write(confirmation);
  const position = options.getAll()?.getPosition();
  // Exclusive for a subscription.
  if (position) give(log.records.filter((record) => record.position > BigInt(position.getCommitPosition())));
  else if (options.getAll()?.hasStart()) give(log.records);
  const caughtUp = new streams.ReadResp();
  caughtUp.setCaughtUp(new streams.ReadResp.CaughtUp());
  call.write(caughtUp);
  const stop = log.listen(give);
  subscribers.add(call);
  for (const end of ['cancelled', 'close'])
    call.on(end, () => {
      stop();
      subscribers.delete(call);
    });
}
