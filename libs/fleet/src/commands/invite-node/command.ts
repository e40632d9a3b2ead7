import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { node, nodeStream } from '../../domain/node/node.js';
import { issueToken } from '../../enrolment-token.js';

/** Long enough to set a machine up, short enough that a forgotten token is worth nothing. */
const TOKEN_HOURS = 24;

export interface NodeInvitation {
  /** With it the proxy enrols; shown here and never again. */
  readonly token: string;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
  readonly cursor: Cursor | null;
}

/** Let a proxy enrol under this name. */
export class InviteNode extends Command<NodeInvitation> {
  constructor(
    readonly name: string,
    /** How long its key is good; null: as usual. */
    readonly keyDays: number | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(InviteNode)
export class InviteNodeHandler implements ICommandHandler<InviteNode> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ name, keyDays, context }: InviteNode): Promise<NodeInvitation> {
    const { token, digest } = issueToken(name);
    const expiresAt = new Date(Date.parse(context.at) + TOKEN_HOURS * 3_600_000).toISOString();
    const command = { type: 'InviteNode', name, tokenDigest: digest, expiresAt, keyDays, context } as const;
    const { cursor } = await this.writer.decideAndAppend(node, nodeStream(name), command);
    return { token, expiresAt, cursor };
  }
}
