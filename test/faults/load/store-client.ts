export interface Offer {
  readonly snap: string;
  readonly revision: number;
  readonly url: string;
  readonly sha3_384: string;
  readonly size: number;
}

/** `none`: the store says that there is no such revision. `cut`: no answer, or one that says to come again later. */
export type Asked = Offer | 'none' | 'cut';

interface RefreshAnswer {
  readonly results: readonly {
    readonly error?: { readonly code: string };
    readonly snap?: {
      readonly revision: number;
      readonly download: { readonly url: string; readonly size: number; readonly 'sha3-384': string };
    };
  }[];
}

const HEADERS = {
  'content-type': 'application/json',
  'snap-device-series': '16',
  'snap-device-architecture': 'amd64',
};
const PATIENCE_MS = 30_000;

/** What a device would get for a channel, or for an explicit revision. @throws Error for an answer that no store gives */
export async function ask(
  store: string,
  name: string,
  wanted: { readonly channel: string } | { readonly revision: number },
): Promise<Asked> {
  const action = { action: 'download', 'instance-key': 'download-1', name, ...wanted, epoch: null };
  let answer: { readonly status: number; readonly body: string };
  try {
    const response = await fetch(`${store}/v2/snaps/refresh`, {
      method: 'POST',
      headers: HEADERS,
      body: JSON.stringify({ context: [], actions: [action], fields: ['download', 'revision'] }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    answer = { status: response.status, body: await response.text() };
  } catch {
    return 'cut';
  }
  if (answer.status >= 500) return 'cut';
  if (answer.status !== 200) throw new Error(`a refresh was answered with ${answer.status}: ${answer.body}`);
  const [result] = (JSON.parse(answer.body) as RefreshAnswer).results;
  if (result?.error?.code === 'revision-not-found' || result?.error?.code === 'name-not-found') return 'none';
  if (!result?.snap) return 'cut';
  const { revision, download } = result.snap;
  return { snap: name, revision, url: download.url, sha3_384: download['sha3-384'], size: download.size };
}

export interface Got {
  /** What came, as it came: joining megabytes again and again would be most of what this process does. */
  readonly parts: readonly Uint8Array[];
  /** Of all of it, in bytes. */
  readonly length: number;
  /** All that was asked for came; else the connection was cut on the way. */
  readonly whole: boolean;
}

/** Downloads, whole or a range. @param onFirst called at the first bytes @returns undefined when there was no 200 or 206 */
export async function download(
  url: string,
  range: { readonly start: number; readonly end: number } | undefined,
  onFirst: () => void = () => undefined,
): Promise<Got | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let announced = Number.NaN;
  try {
    const response = await fetch(url, {
      headers: range ? { range: `bytes=${range.start}-${range.end}` } : {},
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.status !== (range ? 206 : 200)) {
      await response.arrayBuffer();
      return undefined;
    }
    announced = Number(response.headers.get('content-length'));
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      if (length === 0) onFirst();
      parts.push(part);
      length += part.length;
    }
  } catch {
    if (Number.isNaN(announced)) return undefined;
  }
  return { parts, length, whole: length === announced };
}

/** Whether what came is how `right` begins. */
export function begins(right: Buffer, { parts, length }: Got): boolean {
  let at = 0;
  return (
    length <= right.length && parts.every((part) => right.subarray(at, (at += part.length)).equals(part))
  );
}
