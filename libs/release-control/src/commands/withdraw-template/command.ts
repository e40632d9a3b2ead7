import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import { requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';

export interface WithdrawnTemplate {
  readonly ring: string;
  readonly name: string;
  /** The last one of that name. */
  readonly version: number;
  readonly cursor: Cursor | null;
}

/** Take a template away, at once. What was signed under it and is not in force is decided on by others. */
export class WithdrawTemplate extends Command<WithdrawnTemplate> {
  constructor(
    readonly ring: string,
    readonly name: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(WithdrawTemplate)
export class WithdrawTemplateHandler implements ICommandHandler<WithdrawTemplate> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ ring, name, context }: WithdrawTemplate): Promise<WithdrawnTemplate> {
    await requireKnownRing(this.writer, ring);
    const command = { type: 'WithdrawTemplate', ring, name, context } as const;
    const { state, cursor } = await this.writer.decideAndAppend(
      releasePolicy,
      releasePolicyStream(ring),
      command,
    );
    return { ring, name, version: state.templates.get(name)?.version ?? 0, cursor };
  }
}
