import { IsBoolean, IsOptional, IsString } from 'class-validator';
import { FromEnv, trueOrFalse } from '#platform/config';
import { IsEventStoreUrl } from '#platform/event-store-setting';
import { DatabaseUrl, ListenHost, ListenPort, LogLevel, Origin, Zone } from '#platform/settings-of-servers';

/** The settings of control. */
export class ControlConfig {
  @DatabaseUrl("control's own")
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

  @Origin()
  origin!: string;

  @FromEnv('HOLDFAST_SITE_KEY_FILE')
  @IsString({ message: 'must name the file with the site key' })
  siteKeyFile!: string;

  /** Loopback by default: people come through a proxy that speaks TLS. */
  @ListenHost('HOLDFAST_CONTROL_HOST')
  host = '127.0.0.1';

  @ListenPort('HOLDFAST_CONTROL_PORT')
  port = 8080;

  @Zone()
  zone = 'Etc/UTC';

  @LogLevel()
  logLevel = 'info';

  @FromEnv('HOLDFAST_EVALUATION_DATABASE', { read: trueOrFalse })
  @IsBoolean({ message: 'must be true or false' })
  evaluationDatabase = false;

  @ListenHost('HOLDFAST_CONTROL_HEALTH_HOST')
  healthHost = '127.0.0.1';

  @ListenPort('HOLDFAST_CONTROL_HEALTH_PORT')
  healthPort = 9080;
}
