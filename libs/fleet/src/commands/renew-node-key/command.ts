import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import type { EnrolledNode } from '../../domain/node/state.js';
import { NODE_NAME, node, nodeStream, requireEnrolled } from '../../domain/node/node.js';
import { readSigned } from '../../message-reader.js';
import { newKeyMessage, requireSigned, type SignedMessage } from '../../message.js';
import { forNode } from '../../service-context.js';

export interface KeyRenewed {
  /** RFC 3339, UTC; null where it is as it was. */
  readonly keyExpiresAt: string | null;
}

/** A node has made a new key, and signs for it with the one before. */
export class RenewNodeKey extends Command<KeyRenewed> {
  /** @param body as it came */
  constructor(readonly body: unknown) {
    super();
  }
}

@CommandHandler(RenewNodeKey)
export class RenewNodeKeyHandler implements ICommandHandler<RenewNodeKey> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @throws FleetError `node-message-malformed`, `no-such-node`, `node-retired`, `node-signature-refused`, `node-key-expired`, `node-key-not-due`,
   * `node-forked`
   */
  async execute({ body }: RenewNodeKey): Promise<KeyRenewed> {
    const { signed, read } = readSigned(body, 'key-renewal');
    const name = read.string('node', NODE_NAME);
    const publicKey = read.string('publicKey', /^[A-Za-z0-9+/]{43}=$/);
    const proof = read.string('proof', /^[A-Za-z0-9+/]{86}==$/);
    read.end();
    const { state } = await this.writer.load(node, nodeStream(name));
    const oldKey = signerOf(signed, requireEnrolled(name, state), publicKey);
    // Whoever shows a key holds it.
    requireSigned({ message: newKeyMessage(name, publicKey), signature: proof }, publicKey);
    const context = forNode('control', name, this.clock, {
      code: 'key-renewal',
      text: 'The proxy made a new key before the end of its own, which signed for it.',
    });
    const command = { type: 'RenewNodeKey', name, oldKey, publicKey, context } as const;
    const { state: after } = await this.writer.decideAndAppend(node, nodeStream(name), command);
    return { keyExpiresAt: after.status === 'enrolled' ? after.keyExpiresAt : null };
  }
}

/**
 * The key that it has, or the one before, once more for what that signed: the answer may have been lost.
 * @throws FleetError `node-signature-refused`
 */
function signerOf(signed: SignedMessage, { publicKey, keyBefore }: EnrolledNode, shown: string): string {
  const signer = publicKey === shown && keyBefore !== null ? keyBefore : publicKey;
  requireSigned(signed, signer);
  return signer;
}
