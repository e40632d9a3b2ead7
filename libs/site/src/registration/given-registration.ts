import { describeReference, SnapError, splitAssertions, type Assertion } from '#snap';
import { SiteError } from '../domain/errors.js';

/** A store assertion with its chain has 10 KiB. */
export const REGISTRATION_LIMIT = 256 * 1024;

/** As much of a bundle of `store-admin register` as is needed here. Its private key is for the incumbent's talks with Canonical: we have none. */
interface Bundle {
  readonly store_assertion: string;
  readonly store_id?: unknown;
}

/**
 * The assertions of what an operator gives: a stream as `snap ack` takes it (`proxy.assert`), or the incumbent's `registration_bundle.b64`, JSON
 * in Base64. Parsed, not believed.
 * @throws SiteError `not-a-registration`
 */
export function givenAssertions(text: string): readonly Assertion[] {
  if (text.length > REGISTRATION_LIMIT) throw unusable(`it is larger than ${REGISTRATION_LIMIT / 1024} KiB`);
  if (/^\s*type:/.test(text)) return parsed(text.trimStart());
  const bundle = bundleOf(text);
  const assertions = parsed(bundle.store_assertion);
  const { storeId } = describeStore(assertions);
  if (bundle.store_id !== undefined && bundle.store_id !== storeId)
    throw unusable(`the bundle says that it is of another store than ${storeId}, of which its assertion is`);
  return assertions;
}

/** What devices learn from a store assertion. */
export interface DescribedStore {
  readonly storeId: string;
  readonly operatorId: string;
  readonly url: string;
  readonly revision: number;
}

/**
 * What the one store assertion among these says.
 * @throws SiteError `not-a-registration` without one, with two, or for an address that snapd would refuse (snapd's `store` assertion:
 *   http or https, a host, no query, no fragment)
 */
export function describeStore(assertions: readonly Assertion[]): DescribedStore {
  const [store, second] = assertions.filter(({ type }) => type === 'store');
  if (!store) throw unusable('it holds no store assertion');
  if (second) throw unusable(`it holds more than one: ${[store, second].map(describeReference).join(', ')}`);
  const { url, 'operator-id': operatorId } = store.headers;
  const [storeId = ''] = store.primaryKey;
  if (!/^[a-zA-Z0-9][a-zA-Z0-9-]{0,127}$/.test(storeId))
    throw unusable(`its store id ${JSON.stringify(storeId)} is none`);
  if (typeof operatorId !== 'string') throw unusable('its store assertion names no operator');
  if (typeof url !== 'string' || !isStoreUrl(url))
    throw unusable(
      'its store assertion has no url that devices could follow: http(s), without query or fragment',
    );
  return { storeId, operatorId, url, revision: store.revision };
}

function isStoreUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.host !== '' &&
    url.username + url.password + url.search + url.hash === '' &&
    !/[\s?#]/.test(text)
  );
}

function parsed(text: string): readonly Assertion[] {
  try {
    return splitAssertions(text);
  } catch (error) {
    if (!(error instanceof SnapError)) throw error;
    throw unusable(`its assertions cannot be read: ${error.message}`);
  }
}

function bundleOf(text: string): Bundle {
  const base64 = text.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    throw unusable('it is neither a stream of assertions nor a registration bundle in Base64');
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
  } catch {
    // The reason would quote it, and there is a private key in it.
    throw unusable('it is Base64, but not of JSON');
  }
  if (typeof value !== 'object' || value === null || !('store_assertion' in value))
    throw unusable('its JSON has no store_assertion');
  const { store_assertion } = value;
  if (typeof store_assertion !== 'string') throw unusable('its store_assertion is no text');
  return { ...value, store_assertion };
}

function unusable(why: string): SiteError {
  return new SiteError('not-a-registration', `this is no registration of a store: ${why}`);
}
