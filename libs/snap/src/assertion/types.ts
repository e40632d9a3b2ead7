import { SnapError } from '../errors.js';

export interface AssertionType {
  readonly name: string;
  /** Names of the headers that make the primary key, in order. */
  readonly primaryKey: readonly string[];
  /** Trailing primary-key headers that may be absent, with the value that this means. */
  readonly defaults: Readonly<Record<string, string>>;
  /** False for the types that exist on the wire only and are signed by a device's or a developer's own key. */
  readonly hasAuthority: boolean;
  /** The newest format that this library judges; what to send as `max-format` (protocol page §7). */
  readonly maxFormat: number;
}

const NO_DEFAULTS = {};
const DEFAULT_PROVENANCE = { provenance: 'global-upload' };

/** Protocol page §11, and for the rest the names that snapd 2.64 knows. */
const TYPES: ReadonlyMap<string, AssertionType> = new Map(
  [
    of('account', ['account-id']),
    of('account-key', ['public-key-sha3-384'], { maxFormat: 1 }),
    of('authority-delegation', ['account-id', 'delegate-id']),
    of('base-declaration', ['series']),
    of('model', ['series', 'brand-id', 'model']),
    of('preseed', ['series', 'brand-id', 'model', 'system-label']),
    of('registry', ['account-id', 'name']),
    of('repair', ['brand-id', 'repair-id']),
    of('serial', ['brand-id', 'model', 'serial']),
    of('snap-build', ['snap-sha3-384']),
    of('snap-declaration', ['series', 'snap-id'], { maxFormat: 6 }),
    of('snap-developer', ['snap-id', 'publisher-id']),
    of(
      'snap-resource-pair',
      ['snap-id', 'resource-name', 'resource-revision', 'snap-revision', 'provenance'],
      {
        defaults: DEFAULT_PROVENANCE,
      },
    ),
    of('snap-resource-revision', ['snap-id', 'resource-name', 'resource-sha3-384', 'provenance'], {
      defaults: DEFAULT_PROVENANCE,
    }),
    of('snap-revision', ['snap-sha3-384', 'provenance'], { defaults: DEFAULT_PROVENANCE }),
    of('store', ['store']),
    of('system-user', ['brand-id', 'email'], { maxFormat: 2 }),
    of('validation', ['series', 'snap-id', 'approved-snap-id', 'approved-snap-revision']),
    of('validation-set', ['series', 'account-id', 'name', 'sequence']),
    of('account-key-request', ['public-key-sha3-384'], { hasAuthority: false }),
    of('device-session-request', ['brand-id', 'model', 'serial'], { hasAuthority: false }),
    of('serial-request', [], { hasAuthority: false }),
  ].map((type) => [type.name, type]),
);

function of(name: string, primaryKey: readonly string[], rest: Partial<AssertionType> = {}): AssertionType {
  return { name, primaryKey, defaults: NO_DEFAULTS, hasAuthority: true, maxFormat: 0, ...rest };
}

/** @throws SnapError `unknown-assertion-type`: without its primary key an assertion cannot even be named */
export function assertionType(name: string): AssertionType {
  const type = TYPES.get(name);
  if (type === undefined) {
    throw new SnapError(
      'unknown-assertion-type',
      `${JSON.stringify(name.slice(0, 100))} is no known type of assertion`,
    );
  }
  return type;
}

/** Whether a request for this type of assertion can be understood. */
export function isAssertionType(name: string): boolean {
  return TYPES.has(name);
}
