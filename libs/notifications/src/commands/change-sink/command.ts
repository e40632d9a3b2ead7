import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { requireOperator, requireSink, sinks, SINKS_STREAM, type Sink } from '../../domain/sinks/sinks.js';
import { givenAs, targetOf, wrongSink, type GivenTarget, type Target } from '../../domain/sinks/target.js';
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
    const { filter, giveUpAfterHours, newSecret, credentials, noCredentials } = given;
    const before = requireSink((await this.writer.load(sinks, SINKS_STREAM)).state, name);
    const target = targetOf({ ...givenAs(before.target), ...given.target });
    if (newSecret && target.kind !== 'webhook')
      throw wrongSink([`a ${target.kind} is not signed: it has no such secret.`]);
    const value = newSecret || credentials !== null ? secretFor(target, credentials) : null;
    requireCredentialsFor(before, target, given);
    const secret = noCredentials ? null : value === null ? undefined : await this.secrets.put(name, value);
    const command = { type: 'ChangeSink', name, target, filter, giveUpAfterHours, secret, context } as const;
    const { state, cursor } = await this.writer.decideAndAppend(sinks, SINKS_STREAM, command);
    const sink = requireSink(state, name);
    const kept = [before, sink].flatMap((each) => each.secret ?? []);
    // The change is made; what stays in the table does no harm there, and is swept after the next one.
    await this.secrets.sweep(name, kept, context.at).catch(() => undefined);
    return { sink, secret: target.kind === 'webhook' ? value : null, cursor };
  }
}

/** What one server was given is not shown to another. @throws NotificationError `wrong-sink` */
function requireCredentialsFor({ target: old, secret }: Sink, target: Target, given: GivenChange): void {
  const { credentials, noCredentials } = given;
  if (noCredentials && (target.kind !== 'mail' || credentials !== null))
    throw wrongSink(['only a mail server can be without credentials, and not with some at once.']);
  const moved = old.kind === 'mail' && target.kind === 'mail' && old.server !== target.server;
  if (moved && secret !== null && credentials === null && !noCredentials)
    throw wrongSink([
      'the credentials are those of the server before: give those of the new one, or say that it asks for none.',
    ]);
}
