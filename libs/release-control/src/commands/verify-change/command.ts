import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import { countDeliveries } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { ResolvedChange } from '../../domain/change-request/events.js';
import type { DeliveryFigures } from '../../domain/change-request/verification.js';
import type { ChangeRequest } from '../../domain/change-request/state.js';
import type { Outcome } from '../outcome.js';

/** Say what came of a change that is in force. */
export class VerifyChange extends Command<Outcome> {
  constructor(
    readonly id: string,
    readonly passed: boolean,
    /** In the person's words. */
    readonly lookedAt: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(VerifyChange)
export class VerifyChangeHandler implements ICommandHandler<VerifyChange> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
  ) {}

  /** The figures are recorded as they were; what is decided does not hang on them. */
  async execute({ id, passed, lookedAt, context }: VerifyChange): Promise<Outcome> {
    const stream = changeRequestStream(id);
    const { state: before } = await this.writer.load(changeRequest, stream);
    const figures = await this.figuresOf(before);
    const { state, cursor } = await this.writer.decideAndAppend(changeRequest, stream, {
      type: 'VerifyChange',
      passed,
      lookedAt,
      figures,
      context,
    });
    return { id, status: state.status, cursor };
  }

  private async figuresOf(request: ChangeRequest): Promise<readonly DeliveryFigures[]> {
    if (request.status !== 'effective') return [];
    const set = distinct(request.changes.flatMap(revisionSet));
    const counts = await countDeliveries(this.readModels, request.ring, set);
    return counts.map(({ snapId, revision, offered, downloaded, installed }, i) => {
      return {
        name: set[i]?.name ?? snapId,
        subject: snapId,
        version: String(revision),
        offered,
        downloaded,
        installed,
      };
    });
  }
}

interface SetRevision {
  readonly name: string;
  readonly snapId: string;
  readonly revision: number;
}

/** Of overrides of snaps: of what else a request may change, nothing is delivered. */
function revisionSet(change: ResolvedChange): SetRevision[] {
  if (change.kind !== undefined || change.new === null || change.target.format !== 'snap') return [];
  return [{ name: change.name, snapId: change.target.subject, revision: Number(change.new.version) }];
}

/** One line for a revision that was set on several channels or architectures. */
function distinct(all: readonly SetRevision[]): readonly SetRevision[] {
  return [...new Map(all.map((each) => [`${each.snapId} ${each.revision}`, each])).values()];
}
