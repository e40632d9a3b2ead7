/** The architectures of the devices that this store knows: an `all` revision is released for each of them. */
export const ARCHITECTURES = ['amd64', 'arm64', 'armhf'] as const;

/** What stays the same from revision to revision. */
export interface SnapIdentity {
  readonly name: string;
  readonly snapId: string;
  readonly type: 'app' | 'base' | 'os' | 'snapd';
  readonly base: string | null;
  readonly summary: string;
}

export interface RevisionDetails {
  readonly number: number;
  readonly version: string;
  /** `['all']`, or the architectures that it runs on. */
  readonly architectures: readonly string[];
  /** Bytes of the payload that fills an app up; some of a usual size when absent. */
  readonly payloadBytes?: number | undefined;
}

/** A revision with its built image. */
export interface Revision extends RevisionDetails {
  readonly blob: Buffer;
  /** Digest of the blob: 48 bytes, hex in the store's JSON, base64url in assertions. */
  readonly sha3_384: Buffer;
  /** The whole of its meta/snap.yaml. */
  readonly snapYaml: string;
}

/** What turns the file of one revision into that of another, in the format of xdelta3. */
export interface Delta {
  /** A revision. */
  readonly source: number;
  /** A revision. */
  readonly target: number;
  readonly blob: Buffer;
  /** 48 bytes, of the delta itself. */
  readonly sha3_384: Buffer;
}

/** Whether a revision can be released for, and given to, a device of this architecture. */
export function runsOn(revision: RevisionDetails, architecture: string): boolean {
  return revision.architectures.includes('all') || revision.architectures.includes(architecture);
}
