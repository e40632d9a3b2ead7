const SHAPE = /^esdb(?:\+discover)?:\/\/(?:([^:@/?]+):([^@/?]+)@)?([^@/?]+)\/?(?:\?(.*))?$/;

export interface EventStoreDbUrl {
  /** Null where TLS is off: the client then sends none. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
  readonly tls: boolean;
}

/**
 * What we must know of `EVENTSTORE_URL`; the client reads the rest of it.
 * @throws Error with a sentence for whoever set it; it never repeats the URL, which may hold a password
 */
export function parseEventStoreDbUrl(url: string): EventStoreDbUrl {
  const match = SHAPE.exec(url);
  if (!match) throw new Error('must look like esdb://user:password@host:2113 or esdb+discover://…');
  const options = new URLSearchParams(match[4] ?? '');
  const option = (name: string): string | undefined =>
    [...options].find(([key]) => key.toLowerCase() === name)?.[1].toLowerCase();
  if (option('throwonappendfailure') === 'false')
    throw new Error('must not say throwOnAppendFailure=false: the client then answers with wrong revisions');
  const tls = option('tls') !== 'false';
  const [, username, password] = match;
  if (username !== undefined && password !== undefined)
    return { tls, credentials: { username: decoded(username), password: decoded(password) } };
  if (tls)
    throw new Error('must name user and password of an administrator: only one may read the whole history');
  return { tls, credentials: null };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    throw new Error('has a user or a password with a % that is not one: write it as %25', { cause: error });
  }
}
