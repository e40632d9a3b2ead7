import type { Download, SnapObject } from './snap-object.js';
import type { Epoch } from './refresh-request.js';

/** Answer of `GET /v2/snaps/info/{name}` (protocol page §5.1). The first entry gives the headline data. */
export interface StoreInfo {
  readonly name: string;
  readonly 'snap-id': string;
  readonly 'default-track'?: string | null;
  readonly 'channel-map': readonly ChannelMapEntry[];
  readonly snap: Partial<SnapObject>;
}

/** What one channel offers one architecture. */
export interface ChannelMapEntry {
  readonly channel: {
    readonly architecture: string;
    /** As `shortChannel` writes it. */
    readonly name: string;
    readonly risk: string;
    readonly track: string;
    readonly 'released-at'?: string;
  };
  readonly revision: number;
  readonly version: string;
  readonly type?: string;
  readonly confinement?: string;
  readonly base?: string | null;
  readonly 'created-at'?: string;
  readonly epoch?: Epoch | number | string;
  readonly architectures?: readonly string[];
  readonly download: Download;
}

/** Answer of `GET /v2/snaps/find` (protocol page §5.2). */
export interface FindResponse {
  readonly results: readonly FindResult[];
}

export interface FindResult {
  readonly name: string;
  readonly 'snap-id': string;
  readonly snap: Partial<SnapObject>;
  readonly revision: {
    readonly channel: string;
    readonly revision: number;
    readonly version: string;
    readonly confinement?: string;
    readonly type?: string;
    readonly base?: string | null;
    readonly 'common-ids'?: readonly string[];
    readonly download?: { readonly size: number };
  };
}
