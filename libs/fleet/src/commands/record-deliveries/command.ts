import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import type { Cursor } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import {
  BATCHES_A_STREAM,
  deliveries,
  deliveriesStream,
  NO_BATCH,
  type BatchHead,
} from '../../domain/deliveries/deliveries.js';
import { splitRecords } from '../../domain/deliveries/split.js';
import { requireKeyInTime } from '../../domain/node/keys.js';
import { NODE_NAME, node, nodeStream, requireEnrolled } from '../../domain/node/node.js';
import { FleetError } from '../../errors.js';
import { MessageReader, readSigned } from '../../message-reader.js';
import { requireSigned, type SignedMessage } from '../../message.js';
import { readRecord } from '../../read-record.js';
import { forNode } from '../../service-context.js';

/** A batch has at most so many records. */
export const MOST_RECORDS = 2_000;

export interface BatchTaken {
  readonly batch: number;
  /** Of its canonical bytes, SHA-256, hex: the next batch says it as `previous`. */
  readonly digest: string;
  /** Null when it had been recorded before. */
  readonly cursor: Cursor | null;
}

/** A node hands over what it has delivered. */
export class RecordDeliveries extends Command<BatchTaken> {
  /** @param body as it came */
  constructor(readonly body: unknown) {
    super();
  }
}

@CommandHandler(RecordDeliveries)
export class RecordDeliveriesHandler implements ICommandHandler<RecordDeliveries> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @throws FleetError `node-message-malformed`, `no-such-node`, `node-retired`, `node-forked`, `node-signature-refused`, `node-key-expired`,
   * `batch-out-of-order`, `batch-forked`
   */
  async execute({ body }: RecordDeliveries): Promise<BatchTaken> {
    const { signed, read } = readSigned(body, 'deliveries');
    const name = read.string('node', NODE_NAME);
    const digest = await this.requireSender(name, signed);
    const batch = read.count('batch', Number.MAX_SAFE_INTEGER);
    if (batch === 0) throw new FleetError('node-message-malformed', '/message/batch begins with 1');
    const head: BatchHead = {
      node: name,
      batch: String(batch),
      previous: read.string('previous', /^[0-9a-f]{64}$/),
      digest,
      signature: signed.signature,
      at: read.time('at'),
    };
    const listed = read.list('records', MOST_RECORDS);
    read.end();
    if (listed.length === 0) throw new FleetError('node-message-malformed', '/message/records is empty');
    const records = listed.map((each, i) => readRecord(MessageReader.of(each, `/message/records/${i}`)));
    return await this.record(name, batch, head, splitRecords(records));
  }

  /** @returns the digest of what it signed */
  private async requireSender(name: string, signed: SignedMessage): Promise<string> {
    const { state } = await this.writer.load(node, nodeStream(name));
    const sender = requireEnrolled(name, state);
    const digest = requireSigned(signed, sender.publicKey);
    requireKeyInTime(name, sender, this.clock.now());
    if (!sender.forked) return digest;
    throw new FleetError(
      'node-forked',
      `two histories came under the key of ${name}: retire it, and enrol the proxy anew under another name`,
    );
  }

  private async record(
    name: string,
    batch: number,
    head: BatchHead,
    parts: ReturnType<typeof splitRecords>,
  ): Promise<BatchTaken> {
    const context = this.context(name, 'delivery-report', 'The proxy handed it over, signed with its key.');
    const before = await this.before(name, batch);
    const command = { type: 'RecordBatch', head, parts, before, context } as const;
    try {
      const { cursor } = await this.writer.decideAndAppend(
        deliveries,
        deliveriesStream(name, batch),
        command,
      );
      return { batch, digest: head.digest, cursor };
    } catch (error) {
      if (error instanceof FleetError) await this.alarm(name, head, error.code);
      throw error;
    }
  }

  /** Where a stream begins, the last batch of the one before. */
  private async before(name: string, batch: number): Promise<string | null> {
    const first = batch - ((batch - 1) % BATCHES_A_STREAM);
    if (first === 1) return NO_BATCH;
    if (batch !== first) return null;
    const { state } = await this.writer.load(deliveries, deliveriesStream(name, batch - 1));
    return state.last?.batch === batch - 1 ? state.last.digest : null;
  }

  /** Into the node's own stream: what cannot be taken is not to be forgotten. */
  private async alarm(name: string, { batch, digest, previous }: BatchHead, code: string): Promise<void> {
    const type = code === 'batch-forked' ? 'NoteFork' : code === 'batch-out-of-order' ? 'NoteGap' : undefined;
    if (type === undefined) return;
    const context = this.context(name, code, 'A batch came that does not go on from what is recorded.');
    const question = { batch, digest, previous };
    await this.writer.decideAndAppend(node, nodeStream(name), { type, question, context });
  }

  private context(name: string, code: string, text: string): ReturnType<typeof forNode> {
    return forNode('control', name, this.clock, { code, text });
  }
}
