import type { Epoch } from './refresh-request.js';

/** What the store says of a revision (protocol page §4.3). What a device needs to install is required here. */
export interface SnapObject {
  readonly 'snap-id': string;
  readonly name: string;
  readonly revision: number;
  readonly version: string;
  readonly type: 'app' | 'os' | 'base' | 'gadget' | 'kernel' | 'snapd';
  readonly confinement: 'strict' | 'classic' | 'devmode';
  readonly publisher: Publisher;
  readonly download: Download;
  readonly architectures?: readonly string[];
  readonly base?: string | null;
  readonly 'common-ids'?: readonly string[];
  readonly contact?: string | null;
  readonly 'created-at'?: string;
  readonly description?: string;
  /** Also `0` and `"1*"`, as in a snap.yaml. */
  readonly epoch?: Epoch | number | string;
  readonly license?: string | null;
  readonly links?: Readonly<Record<string, readonly string[]>>;
  readonly media?: readonly Media[];
  readonly prices?: Readonly<Record<string, string>>;
  readonly private?: boolean;
  /** The whole meta/snap.yaml; lets the device compute prerequisites before it downloads. */
  readonly 'snap-yaml'?: string;
  readonly 'store-url'?: string;
  readonly summary?: string;
  readonly title?: string;
  readonly website?: string | null;
}

export interface Publisher {
  readonly id: string;
  readonly username: string;
  readonly 'display-name': string;
  readonly validation?: 'unproven' | 'starred' | 'verified';
}

export interface Download {
  readonly url: string;
  /** Bytes. */
  readonly size: number;
  /** Hex, 96 characters: see `digestToHex`. */
  readonly 'sha3-384': string;
  readonly deltas?: readonly Delta[];
}

/** snapd uses it when there is exactly one. */
export interface Delta {
  readonly format: 'xdelta3';
  readonly source: number;
  readonly target: number;
  readonly url: string;
  readonly size: number;
  readonly 'sha3-384': string;
}

export interface Media {
  readonly type: 'icon' | 'screenshot' | 'video' | 'banner';
  readonly url: string;
  readonly width?: number | null;
  readonly height?: number | null;
}
