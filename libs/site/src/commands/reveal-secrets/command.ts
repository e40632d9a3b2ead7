import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import type { SecretKey } from '../../domain/settings/secret-settings.js';
import { settings, SETTINGS_STREAM, type Settings } from '../../domain/settings/settings.js';
import { SealedSettings } from '../../sealed/sealed-settings.js';

export interface RevealedSecret {
  readonly key: SecretKey;
  readonly value: string;
}

export interface Revealed {
  readonly secrets: readonly RevealedSecret[];
  readonly cursor: Cursor | null;
}

/** Show some of the site's secrets: all of them or none, and not before that is in the history. */
export class RevealSecrets extends Command<Revealed> {
  constructor(
    readonly keys: readonly SecretKey[],
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RevealSecrets)
export class RevealSecretsHandler implements ICommandHandler<RevealSecrets> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    private readonly sealed: SealedSettings,
  ) {}

  async execute({ keys, context }: RevealSecrets): Promise<Revealed> {
    const command = { type: 'RevealSecrets', keys, context } as const;
    const { state } = await this.writer.load(settings, SETTINGS_STREAM);
    settings.decide(command, state);
    // Nothing is put on record as shown that could not be.
    await this.open(keys, state);
    const { state: recorded, cursor } = await this.writer.decideAndAppend(settings, SETTINGS_STREAM, command);
    return { secrets: await this.open(keys, recorded), cursor };
  }

  private open(keys: readonly SecretKey[], { secrets }: Settings): Promise<readonly RevealedSecret[]> {
    const named = [...secrets].filter(([key]) => keys.includes(key));
    return Promise.all(
      named.map(async ([key, digest]) => ({ key, value: await this.sealed.open(key, digest) })),
    );
  }
}
