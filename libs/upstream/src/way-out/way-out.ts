import type { DirectHosts } from '#platform/direct-hosts';

/** The site's forward proxy. */
export interface ForwardProxy {
  /** Its origin, http or https. */
  readonly url: URL;
  /** The value of Proxy-Authorization, where it asks for one. Never shown. */
  readonly authorization: string | undefined;
  readonly direct: DirectHosts;
}

/** How outgoing requests leave the site. */
export interface WayOut {
  /** Absent: each host is reached directly. */
  readonly proxy?: ForwardProxy;
  /** Certificates in PEM. Given: these authorities are trusted, and no others. */
  readonly authorities?: string;
}

export const DIRECT: WayOut = {};
