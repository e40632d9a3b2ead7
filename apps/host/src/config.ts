import { IsOptional, IsString, Matches } from 'class-validator';
import type { S3Location } from '#blob-store/blobs-url';
import { BlobsUrl } from '#platform/blobs-setting';
import { FromEnv } from '#platform/config';
import { IsEventStoreUrl } from '#platform/event-store-setting';
import {
  CertificateFile,
  DatabaseUrl,
  PublicUrl,
  RegistrationFile,
  Zone,
} from '#platform/settings-of-servers';

/** What the host's own commands read; the servers' settings are checked by the servers. */
export class HostConfig {
  @FromEnv('HOLDFAST_HOME')
  @IsString()
  home = './.holdfast';

  /** The owner's; PostgreSQL from npm when absent. */
  @IsOptional()
  @DatabaseUrl("the owner's")
  databaseUrl?: string;

  /** The bucket of the kept blobs. Absent: the folder. */
  @BlobsUrl('BLOBS_URL')
  blobs: S3Location | undefined;

  /** The folder of the kept blobs, when it is not in the home. */
  @FromEnv('HOLDFAST_KEPT_DIR')
  @IsOptional()
  @IsString()
  keptDir?: string;

  /** Where events are when they are not in PostgreSQL: EventStoreDB or KurrentDB, with an administrator's name and password. */
  @FromEnv('EVENTSTORE_URL', { secret: true })
  @IsOptional()
  @IsEventStoreUrl()
  eventStoreUrl?: string;

  @FromEnv('HOLDFAST_ORIGIN')
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9.\-/]*$/, {
    message: 'origin must be a name as of a host, with a path maybe, in small letters',
  })
  origin?: string;

  @Zone()
  zone = 'Etc/UTC';

  @FromEnv('HOLDFAST_LEDGER_DIR')
  @IsOptional()
  @IsString()
  ledgerDir?: string;

  @FromEnv('HOLDFAST_LEDGER_SECOND_DIR')
  @IsOptional()
  @IsString()
  ledgerSecondDir?: string;

  @FromEnv('HOLDFAST_TRUST_ROOTS')
  @IsOptional()
  @IsString()
  trustRootsDir?: string;

  /** Where the certificate is, when it is not in the home. */
  @CertificateFile()
  certificateFile?: string;

  /** Where the store's registration is, when it is not in the home. */
  @RegistrationFile()
  registrationFile?: string;

  /** What a certificate must be for. */
  @PublicUrl('HOLDFAST_PROXY_URL', 'devices')
  proxyUrl?: string;

  @PublicUrl('HOLDFAST_CONTROL_URL', 'people')
  controlUrl?: string;
}
