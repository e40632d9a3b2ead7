import { IsOptional } from 'class-validator';
import type { S3Location } from '#blob-store/blobs-url';
import { BlobsUrl } from '#platform/blobs-setting';
import { DatabaseUrl, DeviceServiceUrls, UpstreamOrigins, UpstreamUrl } from '#platform/settings-of-servers';
import {
  ForwardProxyCredentialsFile,
  ForwardProxyUrl,
  NoProxy,
  UpstreamCaFile,
  type WayOutSettings,
} from '#upstream/published';

/** What worker and proxy reach, as their own settings say it. */
export class ConnectionsConfig implements WayOutSettings {
  @IsOptional()
  @DatabaseUrl("the owner's")
  databaseUrl?: string;

  @BlobsUrl('BLOBS_URL')
  blobs: S3Location | undefined = undefined;

  @UpstreamUrl()
  upstreamUrl = 'https://api.snapcraft.io/';

  @UpstreamOrigins()
  upstreamOrigins = '';

  @DeviceServiceUrls()
  deviceServices = 'https://serial-vault-partners.canonical.com';

  @ForwardProxyUrl()
  forwardProxy: string | undefined = undefined;

  @ForwardProxyCredentialsFile()
  forwardProxyCredentialsFile: string | undefined = undefined;

  @NoProxy()
  noProxy = '';

  @UpstreamCaFile()
  upstreamCaFile: string | undefined = undefined;
}
