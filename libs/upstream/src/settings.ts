import { DIRECT, type WayOut } from './way-out/way-out.js';

/** Times in milliseconds, sizes in bytes. */
export interface UpstreamBudgets {
  /** A JSON or assertion call, its body and redirects included: snapd waits 10 s for us (protocol page, section 3). */
  readonly call: number;
  /** A download, to the headers of its answer: snapd waits 15 s for ours. */
  readonly downloadHeaders: number;
  /** A download's longest silence between two pieces. */
  readonly downloadIdle: number;
  readonly connect: number;
  readonly jsonBytes: number;
  /** Headers 128 KiB, body 2 MiB, signature 128 KiB are an assertion's limits (protocol page, section 10). */
  readonly assertionBytes: number;
}

export const DEFAULT_BUDGETS: UpstreamBudgets = {
  call: 8_000,
  downloadHeaders: 15_000,
  downloadIdle: 30_000,
  connect: 5_000,
  jsonBytes: 16 * 1024 * 1024,
  assertionBytes: 3 * 1024 * 1024,
};

export interface UpstreamSettings {
  /** The store's base, a path prefix allowed: `https://api.snapcraft.io/`. */
  readonly url: URL;
  /** Further origins that answers may lead to, wherever they are: a mirror inside the site, say. */
  readonly extraOrigins: readonly string[];
  readonly budgets: UpstreamBudgets;
  readonly wayOut: WayOut;
}

/**
 * @param url HOLDFAST_UPSTREAM_URL
 * @param extraOrigins HOLDFAST_UPSTREAM_ORIGINS, separated by commas
 * @throws TypeError for what is no http(s) URL
 */
export function upstreamSettings(
  url: string,
  extraOrigins = '',
  budgets: Partial<UpstreamBudgets> = {},
  wayOut: WayOut = DIRECT,
): UpstreamSettings {
  const origins = extraOrigins
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
  return {
    url: webUrl(url),
    extraOrigins: origins.map((origin) => webUrl(origin).origin),
    budgets: { ...DEFAULT_BUDGETS, ...budgets },
    wayOut,
  };
}

function webUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new TypeError(`${JSON.stringify(text)} is not an http(s) URL without credentials`);
  }
  return url;
}
