import {
  ArrayNotEmpty,
  ArrayUnique,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import { ARCHITECTURES } from '#snap';
import type { S3Location } from '#blob-store/blobs-url';
import { BlobsUrl } from '#platform/blobs-setting';
import { commaSeparated, FromEnv, wholeNumber } from '#platform/config';
import { IsEventStoreUrl } from '#platform/event-store-setting';
import { DatabaseUrl, ListenHost, ListenPort, LogLevel, Zone } from '#platform/settings-of-servers';
import { OutsideConfig } from '#upstream/published';

export class WorkerConfig extends OutsideConfig {
  @DatabaseUrl("the worker's own")
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

  @LogLevel()
  logLevel = 'info';

  @Zone()
  zone = 'Etc/UTC';

  /** A folder of account and account-key assertions that are trusted beside Canonical's. */
  @FromEnv('HOLDFAST_TRUST_ROOTS')
  @IsOptional()
  @IsString()
  trustRootsDir: string | undefined;

  /** A bucket for the kept blobs. Absent: the folder. */
  @BlobsUrl('BLOBS_URL')
  blobs: S3Location | undefined;

  @FromEnv('HOLDFAST_KEPT_DIR')
  @ValidateIf(({ blobs }: WorkerConfig) => blobs === undefined)
  @IsString({ message: 'must be the folder for kept blobs, unless BLOBS_URL names a bucket' })
  keptDir!: string;

  /** Where a content is until it is whole, verified and sent to the bucket. */
  @FromEnv('HOLDFAST_SPOOL_DIR')
  @ValidateIf(({ blobs }: WorkerConfig) => blobs !== undefined)
  @IsString({ message: 'must be a folder for contents on their way to the bucket that BLOBS_URL names' })
  spoolDir!: string;

  /** Minutes from one slice of the kept blobs that is read again to the next; 0: never. */
  @FromEnv('HOLDFAST_SCRUB_EVERY_MINUTES', { read: wholeNumber })
  @IsInt({ message: 'must be a number of minutes; 0 turns the scrub off' })
  @Min(0, { message: 'must be a number of minutes; 0 turns the scrub off' })
  @Max(10_080, { message: 'must be at most 10080, a week' })
  scrubEveryMinutes = 60;

  /** How much one slice reads, in MiB. */
  @FromEnv('HOLDFAST_SCRUB_SLICE_MIB', { read: wholeNumber })
  @IsInt({ message: 'must be a number of MiB' })
  @Min(1, { message: 'must be at least 1 MiB' })
  @Max(1_048_576, { message: 'must be at most 1048576, a TiB' })
  scrubSliceMib = 1024;

  /** Minutes from one look at every watched snap upstream to the next; 0: only when a person asks. */
  @FromEnv('HOLDFAST_SYNC_EVERY_MINUTES', { read: wholeNumber })
  @ValidateIf(({ syncEveryMinutes }: WorkerConfig) => syncEveryMinutes !== 0)
  @IsInt({ message: 'must be a number of minutes; 0 turns the schedule off' })
  @Min(10, { message: 'must be at least 10, for the sake of the store; 0 turns the schedule off' })
  @Max(10_080, { message: 'must be at most 10080, a week' })
  syncEveryMinutes = 360;

  /** An override means all of these that its revision is for. */
  @FromEnv('HOLDFAST_ARCHITECTURES', { read: commaSeparated })
  @ArrayNotEmpty({ message: 'must name at least one architecture' })
  @ArrayUnique({ message: 'must name each architecture once' })
  @IsIn(ARCHITECTURES, { each: true, message: `must be some of ${ARCHITECTURES.join(', ')}` })
  architectures: [string, ...string[]] = ['amd64', 'arm64'];

  @ListenHost('HOLDFAST_WORKER_HEALTH_HOST')
  healthHost = '127.0.0.1';

  @ListenPort('HOLDFAST_WORKER_HEALTH_PORT')
  healthPort = 9081;
}
