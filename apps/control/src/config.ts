import {
  IsOptional,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsString,
  IsTimeZone,
  IsUrl,
  Max,
  Min,
} from 'class-validator';
import { FromEnv, trueOrFalse, wholeNumber } from '#platform/config';
import { IsEventStoreUrl } from '#platform/event-store-setting';
import { HealthHost, HealthPort } from '#platform/health/health-settings';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** The settings of control. */
export class ControlConfig {
  @FromEnv('DATABASE_URL', { secret: true })
  @IsUrl(
    { protocols: ['postgres', 'postgresql'], require_tld: false },
    { message: "must be PostgreSQL's URL with control's own role" },
  )
  databaseUrl!: string;

  /** Where events are when they are not in PostgreSQL: EventStoreDB or KurrentDB, with an administrator's name and password. */
  @FromEnv('EVENTSTORE_URL', { secret: true })
  @IsOptional()
  @IsEventStoreUrl()
  eventStoreUrl?: string;

  /** Of the site's own ledger: a store with another site's history is refused. */
  @FromEnv('HOLDFAST_LEDGER_VKEY_FILE')
  @IsString({ message: "must name the file with the public half of the ledger's key" })
  ledgerVkeyFile!: string;

  @FromEnv('HOLDFAST_ORIGIN')
  @IsString()
  @IsNotEmpty({ message: "must be the site's origin, which names its ledger" })
  origin!: string;

  @FromEnv('HOLDFAST_SITE_KEY_FILE')
  @IsString({ message: 'must name the file with the site key' })
  siteKeyFile!: string;

  /** Loopback by default: people come through a proxy that speaks TLS. */
  @FromEnv('HOLDFAST_CONTROL_HOST')
  @IsString()
  host = '127.0.0.1';

  @FromEnv('HOLDFAST_CONTROL_PORT', { read: wholeNumber })
  @IsInt({ message: 'must be a port number; 0 takes a free one' })
  @Min(0)
  @Max(65_535)
  port = 8080;

  @FromEnv('HOLDFAST_ZONE')
  @IsTimeZone({ message: 'must be the name of a time zone, such as Europe/Zurich' })
  zone = 'Etc/UTC';

  @FromEnv('HOLDFAST_LOG_LEVEL')
  @IsIn(LEVELS, { message: `must be one of ${LEVELS.join(', ')}` })
  logLevel = 'info';

  @FromEnv('HOLDFAST_EVALUATION_DATABASE', { read: trueOrFalse })
  @IsBoolean({ message: 'must be true or false' })
  evaluationDatabase = false;

  @HealthHost('HOLDFAST_CONTROL_HEALTH_HOST')
  healthHost = '127.0.0.1';

  @HealthPort('HOLDFAST_CONTROL_HEALTH_PORT')
  healthPort = 9080;
}
