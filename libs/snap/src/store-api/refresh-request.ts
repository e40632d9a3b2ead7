/** `POST /v2/snaps/refresh`, with the names that stand on the wire (protocol page §4.1). */
export interface RefreshRequest {
  /** The store snaps that the device has; none for `snap download`. */
  readonly context: readonly RefreshContext[];
  readonly actions: readonly RefreshAction[];
  readonly fields?: readonly string[];
  /** Only beside fetch-assertions: the newest format that the device understands, for types that have more than format 0. */
  readonly 'assertion-max-formats'?: Readonly<Record<string, number>>;
}

export interface RefreshContext {
  readonly 'snap-id': string;
  /** The snap-id; for a parallel instance `<snap-id>:<hash>`. */
  readonly 'instance-key': string;
  readonly revision: number;
  /** Empty: stable. */
  readonly 'tracking-channel'?: string;
  readonly epoch?: Epoch | null;
  readonly 'refreshed-date'?: string;
  readonly 'ignore-validation'?: boolean;
  readonly 'cohort-key'?: string;
  readonly 'validation-sets'?: readonly (readonly string[])[];
  readonly held?: { readonly by: readonly string[] };
}

export interface Epoch {
  readonly read: readonly number[];
  readonly write: readonly number[];
}

export type RefreshAction = InstallAction | RefreshSnapAction | FetchAssertionsAction;

interface SnapAction {
  readonly 'instance-key': string;
  /** Neither channel nor revision: the tracked channel, or the default one. */
  readonly channel?: string;
  readonly revision?: number;
  readonly 'cohort-key'?: string;
  readonly 'ignore-validation'?: boolean;
  readonly 'validation-sets'?: readonly (readonly string[])[];
  /** Null, but for an install over a snap that was sideloaded. */
  readonly epoch?: Epoch | null;
}

/** By name: `install` is the daemon's, `download` the tools'. */
export interface InstallAction extends SnapAction {
  readonly action: 'install' | 'download';
  readonly name: string;
  readonly 'snap-id'?: string;
}

/** By an instance-key of the context. */
export interface RefreshSnapAction extends SnapAction {
  readonly action: 'refresh';
  readonly 'snap-id': string;
  readonly name?: string;
}

export interface FetchAssertionsAction {
  readonly action: 'fetch-assertions';
  /** Opaque: echoed. */
  readonly key: string;
  readonly assertions: readonly AssertionRequest[];
}

/** One of both keys is there. */
export interface AssertionRequest {
  readonly type: string;
  readonly 'primary-key'?: readonly string[];
  readonly 'sequence-key'?: readonly string[];
  readonly sequence?: number;
  /** The revision that the device has; absent: it has none. */
  readonly 'if-newer-than'?: number;
  readonly 'if-sequence-equal-or-newer-than'?: number;
  readonly 'if-sequence-newer-than'?: number;
}

/** What every snapd of the protocol page asks for; the order is its own. */
export const REFRESH_FIELDS = [
  'architectures',
  'base',
  'common-ids',
  'confinement',
  'contact',
  'created-at',
  'description',
  'download',
  'epoch',
  'license',
  'links',
  'media',
  'name',
  'prices',
  'private',
  'publisher',
  'revision',
  'snap-id',
  'snap-yaml',
  'store-url',
  'summary',
  'title',
  'type',
  'version',
  'website',
] as const;
