import { IsOptional } from 'class-validator';
import type { S3Location } from '#blob-store/blobs-url';
import { BlobsUrl } from '#platform/blobs-setting';
import { DatabaseUrl, DeviceServiceUrls } from '#platform/settings-of-servers';
import { OutsideConfig } from '#upstream/published';

/** What worker and proxy reach, as their own settings say it. */
export class ConnectionsConfig extends OutsideConfig {
  @IsOptional()
  @DatabaseUrl("the owner's")
  databaseUrl?: string;

  @BlobsUrl('BLOBS_URL')
  blobs: S3Location | undefined = undefined;

  @DeviceServiceUrls()
  deviceServices = 'https://serial-vault-partners.canonical.com';
}
