import { IsOptional, IsString, ValidateIf } from 'class-validator';
import { ARCHITECTURES } from '#snap';
import type { S3Location } from '#blob-store/blobs-url';
import { BlobsUrl } from '#platform/blobs-setting';
import { FromEnv } from '#platform/config';
import { IsEventStoreUrl } from '#platform/event-store-setting';
import { DatabaseUrl, ListenHost, ListenPort, LogLevel, Zone } from '#platform/settings-of-servers';
import {
  AccessReviewInterval,
  Architectures,
  HoldReviewDays,
  PeriodicReviewInterval,
  ScrubEveryMinutes,
  ScrubSliceMib,
  SyncEveryMinutes,
  TrailReviewInterval,
  VerifyEveryHours,
} from '#platform/settings-of-work';
import { USUAL_HOLD_REVIEW_DAYS } from '#release-control/holds/hold-review-days';
import { USUAL_DAYS } from '#reviews/domain/kinds';
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

  /** The ledger, as the projector writes it and auditors read it: the worker verifies it, and writes nothing there. */
  @FromEnv('HOLDFAST_LEDGER_DIR')
  @IsString({ message: "must be the ledger's folder, which the worker reads" })
  ledgerDir!: string;

  /** Where the last checkpoint is once more. */
  @FromEnv('HOLDFAST_LEDGER_SECOND_DIR')
  @IsString({ message: "must be the folder with the ledger's second checkpoint, which the worker reads" })
  ledgerSecondDir!: string;

  /** Hours from one verification of the whole ledger to the next. */
  @VerifyEveryHours()
  verifyEveryHours = 24;

  /** Days for which a hold may be older than upstream before it is to be evaluated. */
  @HoldReviewDays()
  holdReviewDays = USUAL_HOLD_REVIEW_DAYS;

  /** Days from one review of a kind to the next, and until the first. */
  @AccessReviewInterval()
  accessReviewInterval = USUAL_DAYS.access;

  @PeriodicReviewInterval()
  periodicReviewInterval = USUAL_DAYS.periodic;

  @TrailReviewInterval()
  trailReviewInterval = USUAL_DAYS.trail;

  /** What the secrets of sinks are sealed with; absent: a sink that has one is not served. */
  @FromEnv('HOLDFAST_SINKS_KEY_FILE')
  @IsOptional()
  @IsString()
  sinksKeyFile: string | undefined = undefined;

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
  @ScrubEveryMinutes()
  scrubEveryMinutes = 60;

  /** How much one slice reads, in MiB. */
  @ScrubSliceMib()
  scrubSliceMib = 1024;

  /** Minutes from one look at every watched snap upstream to the next; 0: only when a person asks. */
  @SyncEveryMinutes()
  syncEveryMinutes = 360;

  /** An override means all of these that its revision is for. */
  @Architectures(ARCHITECTURES)
  architectures: [string, ...string[]] = ['amd64', 'arm64'];

  @ListenHost('HOLDFAST_WORKER_HEALTH_HOST')
  healthHost = '127.0.0.1';

  @ListenPort('HOLDFAST_WORKER_HEALTH_PORT')
  healthPort = 9081;
}
