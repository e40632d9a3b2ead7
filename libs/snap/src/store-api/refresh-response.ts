import type { SnapObject } from './snap-object.js';

/** What answers a refresh request (protocol page §4.2). */
export interface RefreshResponse {
  readonly results: readonly RefreshResult[];
  readonly 'error-list'?: readonly StoreError[];
}

export type RefreshResult = SnapResult | FetchAssertionsResult | ErrorResult;

/** No result for a refresh action, and one with the installed revision, mean the same: nothing to do. */
export interface SnapResult {
  readonly result: 'install' | 'download' | 'refresh';
  readonly 'instance-key': string;
  readonly 'snap-id': string;
  readonly name: string;
  /** Always send it: as `shortChannel` writes it. Without it the client says that the channel is closed. */
  readonly 'effective-channel': string;
  /** Only when the request named no track and the snap has a default one; becomes what the device tracks. */
  readonly 'redirect-channel'?: string;
  readonly 'released-at'?: string;
  readonly snap: SnapObject;
}

export interface FetchAssertionsResult {
  readonly result: 'fetch-assertions';
  readonly key: string;
  /** Empty, without an error-list: nothing newer. */
  readonly 'assertion-stream-urls': readonly string[];
  readonly 'error-list'?: readonly AssertionError[];
}

export interface ErrorResult {
  readonly result: 'error';
  readonly 'instance-key': string;
  readonly 'snap-id'?: string;
  /** Without it snapd takes the error for one of the whole request. */
  readonly name: string;
  readonly error: StoreError;
}

export interface StoreError {
  readonly code: string;
  readonly message: string;
  readonly extra?: { readonly releases: readonly Release[] };
}

/** Where else a snap is to be had; `channel` as `shortChannel` writes it. */
export interface Release {
  readonly architecture: string;
  readonly channel: string;
}

export interface AssertionError {
  readonly code: string;
  readonly message: string;
  readonly type: string;
  readonly 'primary-key'?: readonly string[];
  readonly 'sequence-key'?: readonly string[];
}
