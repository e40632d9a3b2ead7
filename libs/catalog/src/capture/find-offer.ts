import type { UpstreamStore } from '#upstream/published';
import { CatalogError } from '../errors.js';
import { askForRevision, type Asked, type WantedRevision } from './ask-for-revision.js';
import type { Offer } from './offer.js';

/** A revision, and the site's architectures that it runs on, in the site's order. */
export interface FoundRevision {
  readonly offer: Offer;
  readonly architectures: readonly [string, ...string[]];
}

interface Answer {
  readonly architecture: string;
  readonly asked: Asked;
}

/**
 * Asks for each of the site's architectures. One revision of a snap is one blob, whatever it runs on.
 * @throws CatalogError `revision-not-found`, `no-architecture`, and as {@link askForRevision}; UpstreamError
 */
export async function findOffer(
  upstream: UpstreamStore,
  wanted: WantedRevision,
  architectures: readonly string[],
): Promise<FoundRevision> {
  const answers: Answer[] = [];
  for (const architecture of architectures) {
    answers.push({ architecture, asked: await askForRevision(upstream, wanted, architecture) });
  }
  const offers = answers.flatMap(({ architecture, asked }) =>
    asked.kind === 'offered' ? [{ architecture, offer: asked.offer }] : [],
  );
  const fitting = offers.filter(({ architecture, offer }) => runsOn(offer, architecture));
  const [first, ...others] = fitting;
  if (!first) throw notForThisSite(wanted, architectures, answers);
  const other = offers.find(({ offer }) => !isSameRevision(offer, first.offer));
  if (other) {
    throw new CatalogError(
      'metadata-disagrees',
      `upstream describes revision ${wanted.revision} of ${wanted.name} differently for ${first.architecture} and ${other.architecture}`,
    );
  }
  return {
    offer: first.offer,
    architectures: [first.architecture, ...others.map(({ architecture }) => architecture)],
  };
}

function runsOn({ architectures }: Offer, architecture: string): boolean {
  return architectures.includes('all') || architectures.includes(architecture);
}

function isSameRevision(one: Offer, other: Offer): boolean {
  return (
    one.snapId === other.snapId &&
    one.publisherId === other.publisherId &&
    one.download.sha3_384 === other.download.sha3_384 &&
    one.download.size === other.download.size
  );
}

function notForThisSite(
  { name, revision }: WantedRevision,
  site: readonly string[],
  answers: readonly Answer[],
): CatalogError {
  const builtFor = distinct(
    answers.flatMap(({ asked }) => (asked.kind === 'offered' ? asked.offer.architectures : [])),
  );
  if (builtFor.length > 0) {
    return new CatalogError(
      'no-architecture',
      `revision ${revision} of ${name} is for ${builtFor.join(', ')}, none of this site's: ${site.join(', ')}`,
    );
  }
  const releasedFor = distinct(
    answers.flatMap(({ asked }) => (asked.kind === 'not-there' ? asked.releasedFor : [])),
  );
  const elsewhere = releasedFor.length > 0 ? `; the snap is released for ${releasedFor.join(', ')}` : '';
  return new CatalogError(
    'revision-not-found',
    `upstream has no revision ${revision} of ${name} for ${site.join(', ')}${elsewhere}`,
  );
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
