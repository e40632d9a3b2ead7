import type { ForwardProxy } from '#platform/forward-proxy';

/** How outgoing requests leave the site. */
export interface WayOut {
  /** Absent: each host is reached directly. */
  readonly proxy?: ForwardProxy;
  /** Certificates in PEM. Given: these authorities are trusted, and no others. */
  readonly authorities?: string;
}

export const DIRECT: WayOut = {};
