import type { Epoch } from './epoch.js';

/** One install, refresh or download that a device asks for, with what its context says about the snap. */
export interface DeviceAction {
  readonly action: 'install' | 'refresh' | 'download';
  readonly instanceKey: string;
  /** At least one of both is there: a refresh knows the snap-id, an install the name. */
  readonly snapId: string | undefined;
  readonly name: string | undefined;
  /** As asked; for a refresh that asks for none, what the device tracks. */
  readonly channel: string | undefined;
  readonly revision: number | undefined;
  /** The revision that a refresh starts from. */
  readonly installed: number | undefined;
  /** Of the installed revision: what its data is. Undefined when nothing is installed. */
  readonly epoch: Epoch | undefined;
}

/** What a result of kind `error` says (protocol page 4.4). Other codes than the page's are shown to the user with their message. */
export interface ResultError {
  readonly code:
    | 'revision-not-found'
    | 'name-not-found'
    /** Held, but its manifest or its bytes are missing or not what was approved. */
    | 'held-revision-unavailable'
    | 'upstream-unavailable'
    | 'upstream-malformed'
    | 'no-policy';
  readonly message: string;
  readonly releases?: readonly { readonly architecture: string; readonly channel: string }[];
}
