import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { isRenewalDue, requireKeyInTime } from '../../domain/node/keys.js';
import { node, nodeStream, requireEnrolled } from '../../domain/node/node.js';
import { readHeartbeat } from '../../heartbeats/heartbeat.js';
import { HeartbeatStore } from '../../heartbeats/heartbeat-store.js';
import { readSigned } from '../../message-reader.js';
import { requireSigned } from '../../message.js';
import { forNode } from '../../service-context.js';

export interface HeartbeatTaken {
  readonly taken: boolean;
  /** When it was not: what the next stamp must be above. */
  readonly last: string | null;
  /** Whether the node is to make a new key, and show it. */
  readonly renewKey: boolean;
}

/** A node says that it is there. */
export class TakeHeartbeat extends Command<HeartbeatTaken> {
  /** @param body as it came */
  constructor(readonly body: unknown) {
    super();
  }
}

@CommandHandler(TakeHeartbeat)
export class TakeHeartbeatHandler implements ICommandHandler<TakeHeartbeat> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(HeartbeatStore) private readonly heartbeats: HeartbeatStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws FleetError `node-message-malformed`, `no-such-node`, `node-retired`, `node-signature-refused`, `node-key-expired` */
  async execute({ body }: TakeHeartbeat): Promise<HeartbeatTaken> {
    const { signed, read } = readSigned(body, 'heartbeat');
    const heartbeat = readHeartbeat(read);
    const { node: name, stamp: _stamp, at: _at, ...condition } = heartbeat;
    const stream = nodeStream(name);
    const { state } = await this.writer.load(node, stream);
    const sender = requireEnrolled(name, state);
    requireSigned(signed, sender.publicKey);
    const now = this.clock.now();
    requireKeyInTime(name, sender, now);
    const renewKey = !sender.forked && isRenewalDue(sender, now);
    const last = await this.heartbeats.take(heartbeat, now);
    if (last !== undefined) return { taken: false, last, renewKey };
    const context = forNode('control', name, this.clock, {
      code: 'heartbeat',
      text: 'The proxy said that it is there, signed with its key.',
    });
    await this.writer.decideAndAppend(node, stream, { type: 'NoteHeard', condition, context });
    return { taken: true, last: null, renewKey };
  }
}
