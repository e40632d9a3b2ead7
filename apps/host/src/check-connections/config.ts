import { IsOptional, IsString } from 'class-validator';
import type { S3Location } from '#blob-store/blobs-url';
import { BlobsUrl } from '#platform/blobs-setting';
import { FromEnv } from '#platform/config';
import { IsEventStoreUrl } from '#platform/event-store-setting';
import { DatabaseUrl, DeviceServiceUrls } from '#platform/settings-of-servers';
import { SsoIssuer, SsoOrigins } from '#platform/settings-of-single-sign-on';
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

/** All that the site's servers reach, and where its history says where events go. */
export class SiteConnectionsConfig extends ConnectionsConfig {
  @FromEnv('HOLDFAST_HOME')
  @IsString()
  home = './.holdfast';

  @FromEnv('EVENTSTORE_URL', { secret: true })
  @IsOptional()
  @IsEventStoreUrl()
  eventStoreUrl: string | undefined = undefined;

  @SsoIssuer()
  ssoIssuer: string | undefined = undefined;

  @SsoOrigins()
  ssoOrigins = '';

  @FromEnv('HOLDFAST_SSO_CA_FILE')
  @IsOptional()
  @IsString()
  ssoCaFile: string | undefined = undefined;
}
