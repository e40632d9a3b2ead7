/** Which part of which bucket blobs are in, and where the server is. Credentials are never a part of it. */
export interface S3Location {
  readonly bucket: string;
  /** Before each key: empty, or with a slash at its end. */
  readonly prefix: string;
  /** Of an S3-compatible server; undefined for Amazon's own. */
  readonly endpoint: string | undefined;
  /** Undefined: as the AWS variables or files say. */
  readonly region: string | undefined;
  /** Whether the bucket is a part of the path rather than of the host's name. */
  readonly pathStyle: boolean;
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PARAMETERS = ['endpoint', 'region', 'path-style'];

/**
 * Reads `s3://bucket/prefix?endpoint=…&region=…&path-style=true|false`. Path style is what most servers beside Amazon's want, so it is
 * taken with an endpoint unless the URL says otherwise.
 * @returns the location, or a sentence's end that says what the URL must be
 */
export function parseBlobsUrl(text: string): S3Location | string {
  if (!URL.canParse(text) || !text.startsWith('s3://')) return 'must be an s3://bucket/prefix URL';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    return 'must hold no credentials: give those in the AWS_… variables or files';
  }
  const { searchParams } = url;
  const foreign = [...searchParams.keys()].find((name) => !PARAMETERS.includes(name));
  if (foreign !== undefined) return `must have no parameters but ${PARAMETERS.join(', ')}`;
  // `host`, since a bucket has no port.
  if (!BUCKET.test(url.host)) return 'must name a bucket: small letters, digits, dots and hyphens';
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  if (!/^[\w.\-/]*$/.test(prefix)) return 'must have a prefix of letters, digits and ._-/ only';
  const endpoint = searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !isServer(endpoint)) {
    return 'must have an http(s) URL without credentials and path as its endpoint';
  }
  const pathStyle = searchParams.get('path-style') ?? String(endpoint !== undefined);
  if (pathStyle !== 'true' && pathStyle !== 'false') return 'must say path-style=true or path-style=false';
  return {
    bucket: url.host,
    prefix: prefix === '' ? '' : `${prefix}/`,
    endpoint,
    region: searchParams.get('region') ?? undefined,
    pathStyle: pathStyle === 'true',
  };
}

function isServer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname, search } = new URL(text);
  return /^https?:$/.test(protocol) && username + password + search === '' && pathname === '/';
}
