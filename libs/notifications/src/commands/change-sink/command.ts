import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { requireOperator, requireSink, sinks, SINKS_STREAM, type Sink } from '../../domain/sinks/sinks.js';
import { wrongSink, type GivenTarget } from '../../domain/sinks/target.js';
import type { Filter } from '../../domain/sinks/topics.js';
import { secretFor } from '../../secrets/secret-for.js';
import { SinkSecrets } from '../../secrets/sink-secrets.js';

export interface ChangedSink {
  readonly sink: Sink;
  /** The new one, where one was asked for. */
  readonly secret: string | null;
  readonly cursor: Cursor | null;
}

/** What is undefined stays. */
export interface GivenChange {
  readonly target: Partial<Omit<GivenTarget, 'kind'>>;
  readonly filter: Filter | undefined;
  readonly giveUpAfterHours: number | undefined;
  /** Of a webhook: another key to sign with. */
  readonly newSecret: boolean;
  /** `user:password`, of a mail server. */
  readonly credentials: string | null;
  /** Of a mail server: it asks for none any more. */
  readonly noCredentials: boolean;
}

/** Change where a sink is, what it is told of, or what it is signed with. It goes on where it was. */
export class ChangeSink extends Command<ChangedSink> {
  constructor(
    readonly name: string,
    readonly given: GivenChange,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ChangeSink)
export class ChangeSinkHandler implements ICommandHandler<ChangeSink> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    private readonly secrets: SinkSecrets,
  ) {}

  async execute({ name, given, context }: ChangeSink): Promise<ChangedSink> {
    requireOperator(context);
    const { target, filter, giveUpAfterHours, noCredentials } = given;
    const { state } = await this.writer.load(sinks, SINKS_STREAM);
    const before = requireSink(state, name);
    const value = newSecretOf(before, given);
    const taken = noCredentials ? null : undefined;
    const shape = { type: 'ChangeSink', name, target, filter, giveUpAfterHours, context } as const;
    // Refused, it leaves no row.
    sinks.decide({ ...shape, secret: value === null ? taken : before.secret }, state);
    const secret = value === null ? taken : await this.secrets.put(name, value);
    const changed = await this.writer.decideAndAppend(sinks, SINKS_STREAM, { ...shape, secret });
    const sink = requireSink(changed.state, name);
    const kept = [before, sink].flatMap((each) => each.secret ?? []);
    // The change is made; what stays in the table does no harm there, and is swept after the next one.
    await this.secrets.sweep(name, kept, context.at).catch(() => undefined);
    return { sink, secret: sink.target.kind === 'webhook' ? value : null, cursor: changed.cursor };
  }
}

/** @returns null where it is not given another one @throws NotificationError `wrong-sink` */
function newSecretOf(
  { target }: Sink,
  { newSecret, credentials, noCredentials }: GivenChange,
): string | null {
  if (newSecret && target.kind !== 'webhook')
    throw wrongSink([`a ${target.kind} is not signed: it has no such secret.`]);
  if (noCredentials && credentials !== null)
    throw wrongSink(['a mail server is given credentials, or none: not both at once.']);
  return newSecret || credentials !== null ? secretFor(target, credentials) : null;
}
