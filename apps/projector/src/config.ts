import { IsOptional, IsString } from 'class-validator';
import { FromEnv } from '#platform/config';
import { IsEventStoreUrl } from '#platform/event-store-setting';
import { DatabaseUrl, ListenHost, ListenPort, LogLevel, Origin } from '#platform/settings-of-servers';

/** The settings of the projector. */
export class ProjectorConfig {
  @DatabaseUrl("the projector's own")
  databaseUrl!: string;

  /** Where events are when they are not in PostgreSQL: EventStoreDB or KurrentDB, with an administrator's name and password. */
  @FromEnv('EVENTSTORE_URL', { secret: true })
  @IsOptional()
  @IsEventStoreUrl()
  eventStoreUrl?: string;

  @Origin()
  origin!: string;

  @FromEnv('HOLDFAST_LEDGER_KEY_FILE')
  @IsString({ message: 'must name the file with the key that signs checkpoints' })
  ledgerKeyFile!: string;

  @FromEnv('HOLDFAST_POLICY_KEY_FILE')
  @IsString({ message: 'must name the file with the key that signs policy documents' })
  policyKeyFile!: string;

  @FromEnv('HOLDFAST_LEDGER_DIR')
  @IsString({ message: 'must be the folder for tiles and checkpoint' })
  ledgerDir!: string;

  @FromEnv('HOLDFAST_LEDGER_SECOND_DIR')
  @IsString({ message: 'must be a second folder, better on another disk, for the last checkpoint' })
  ledgerSecondDir!: string;

  @LogLevel()
  logLevel = 'info';

  @ListenHost('HOLDFAST_PROJECTOR_HEALTH_HOST')
  healthHost = '127.0.0.1';

  @ListenPort('HOLDFAST_PROJECTOR_HEALTH_PORT')
  healthPort = 9082;
}
