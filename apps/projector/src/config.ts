import { IsOptional, IsIn, IsString, IsUrl, Matches } from 'class-validator';
import { FromEnv } from '#platform/config';
import { IsEventStoreUrl } from '#platform/event-store-setting';
import { HealthHost, HealthPort } from '#platform/health/health-settings';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** The settings of the projector. */
export class ProjectorConfig {
  @FromEnv('DATABASE_URL', { secret: true })
  @IsUrl(
    { protocols: ['postgres', 'postgresql'], require_tld: false },
    { message: "must be PostgreSQL's URL with the projector's own role" },
  )
  databaseUrl!: string;

  /** Where events are when they are not in PostgreSQL: EventStoreDB or KurrentDB, with an administrator's name and password. */
  @FromEnv('EVENTSTORE_URL', { secret: true })
  @IsOptional()
  @IsEventStoreUrl()
  eventStoreUrl?: string;

  @FromEnv('HOLDFAST_ORIGIN')
  @Matches(/^[^\s+]+$/, { message: "must be the site's origin, which names its ledger: no spaces, no plus" })
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

  @FromEnv('HOLDFAST_LOG_LEVEL')
  @IsIn(LEVELS, { message: `must be one of ${LEVELS.join(', ')}` })
  logLevel = 'info';

  @HealthHost('HOLDFAST_PROJECTOR_HEALTH_HOST')
  healthHost = '127.0.0.1';

  @HealthPort('HOLDFAST_PROJECTOR_HEALTH_PORT')
  healthPort = 9082;
}
