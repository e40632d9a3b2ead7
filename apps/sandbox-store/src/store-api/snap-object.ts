import type { Revision } from '../catalogue/snap.js';
import type { SnapShelf } from '../catalogue/snap-shelf.js';
import { TIMESTAMP } from '../assertions/sign.js';

/** What turns a model's snaps into an answer's: where this store is, as the client called it, and whether sizes are wrong. */
export interface Rendering {
  /** `http://host:port`. */
  readonly origin: string;
  /** Added to every size: 1 while the fault `wrong-size` is on. */
  readonly sizeError: number;
  /** Whether the client can apply those that there are here. */
  readonly takesDeltas: boolean;
  /** The revision of this snap that the client has. */
  readonly has?: number | undefined;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** A revision's download (protocol page §4.3). */
export function downloadObject(shelf: SnapShelf, revision: Revision, rendering: Rendering): JsonObject {
  const { origin, sizeError } = rendering;
  return {
    url: `${origin}/api/v1/snaps/download/${shelf.identity.snapId}_${revision.number}.snap`,
    size: revision.blob.length + sizeError,
    'sha3-384': revision.sha3_384.toString('hex'),
    deltas: deltaObjects(shelf, revision, rendering),
  };
}

function deltaObjects(shelf: SnapShelf, { number: target }: Revision, rendering: Rendering): JsonObject[] {
  const { origin, takesDeltas, has: source } = rendering;
  const delta = takesDeltas && source !== undefined ? shelf.delta(source, target) : undefined;
  if (delta === undefined) return [];
  const file = `${shelf.identity.snapId}_${source}_${target}_xdelta3.delta`;
  return [
    {
      format: 'xdelta3',
      source,
      target,
      url: `${origin}/api/v1/snaps/download/${file}`,
      size: delta.blob.length,
      'sha3-384': delta.sha3_384.toString('hex'),
    },
  ];
}

/** What holds of every revision. */
export function snapDetails({ identity, publisher }: SnapShelf): JsonObject {
  return {
    name: identity.name,
    'snap-id': identity.snapId,
    title: identity.name,
    summary: identity.summary,
    description: `${identity.summary}. One of the snaps of Holdfast's sandbox store.`,
    license: 'Apache-2.0',
    publisher: {
      id: publisher.id,
      username: publisher.username,
      'display-name': publisher.displayName,
      validation: publisher.validation,
    },
    'store-url': '',
    media: [],
    prices: {},
    private: false,
    website: '',
    contact: '',
    links: {},
    categories: [],
  };
}

/** What a revision adds. */
export function revisionDetails(shelf: SnapShelf, revision: Revision, rendering: Rendering): JsonObject {
  return {
    architectures: revision.architectures,
    base: shelf.identity.base,
    'common-ids': [],
    confinement: 'strict',
    'created-at': TIMESTAMP,
    download: downloadObject(shelf, revision, rendering),
    epoch: { read: [0], write: [0] },
    revision: revision.number,
    type: shelf.identity.type,
    version: revision.version,
  };
}

/** The whole snap object of a refresh result; of it, the fields that were asked for. */
export function snapObject(
  shelf: SnapShelf,
  revision: Revision,
  rendering: Rendering,
  fields: readonly string[] | undefined,
): JsonObject {
  const whole = {
    ...snapDetails(shelf),
    ...revisionDetails(shelf, revision, rendering),
    'snap-yaml': revision.snapYaml,
  };
  if (fields === undefined || fields.length === 0) return whole;
  return Object.fromEntries(Object.entries(whole).filter(([name]) => fields.includes(name)));
}
