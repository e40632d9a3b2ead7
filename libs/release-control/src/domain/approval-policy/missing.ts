import {
  SIGNING_ROLES,
  type ApprovalRule,
  type AskedRule,
  type ReviewRule,
  type SigningRole,
} from './approval-policy.js';

/** Who has signed, and the roles in which the signature counts. */
export interface Signatory {
  /** The person's id. */
  readonly person: string;
  readonly roles: readonly string[];
  /** Absent: what they signed approves, or ratifies. */
  readonly reviewed?: true;
}

/** What one person fills; null: in whichever of the roles that sign. */
type Place = SigningRole | null;

/** Places that a rule asks for, by what fills them. */
interface Places {
  readonly reviews: readonly Place[];
  readonly approvals: readonly Place[];
}

/** How many of the places that the rules ask for are filled. @param signatories in the order in which they signed */
export function filled(asked: readonly AskedRule[], signatories: readonly Signatory[]): number {
  return asked.reduce((sum, { rule }) => {
    return sum + count(unfilled(rule, [])) - count(unfilled(rule, signatories));
  }, 0);
}

function count({ reviews, approvals }: Places): number {
  return reviews.length + approvals.length;
}

/** What is still needed, for people to read; empty when every rule is met. */
export function missing(asked: readonly AskedRule[], signatories: readonly Signatory[]): readonly string[] {
  return asked.flatMap(({ kinds, rule }) => {
    const { reviews, approvals } = unfilled(rule, signatories);
    const words = [
      ...inWords(reviews, rule.reviews?.order ?? 'any', 'review'),
      ...inWords(approvals, rule.order, 'signature'),
    ].join(', and then ');
    if (words === '') return [];
    return [asked.length === 1 ? words : `${words} (for ${kinds.join(', ')})`];
  });
}

function inWords(
  places: readonly Place[],
  order: ApprovalRule['order'],
  what: 'review' | 'signature',
): readonly string[] {
  if (places.length === 0) return [];
  return [order === 'any' ? inAnyOrder(places, what) : inOrder(places, what)];
}

function inAnyOrder(places: readonly Place[], what: string): string {
  const roles = SIGNING_ROLES.flatMap((role) => {
    const asked = places.filter((place) => place === role).length;
    return asked === 0 ? [] : [`${asked} with the role ${role}`];
  });
  const signatures = places.length === 1 ? `1 more ${what}` : `${places.length} more ${what}s`;
  return roles.length === 0 ? signatures : `${signatures}, ${roles.join(' and ')}`;
}

function inOrder([first, ...others]: readonly Place[], what: string): string {
  const role = (place: Place | undefined) => (place ? `with the role ${place}` : 'in any role');
  return [`the next ${what} ${role(first)}`, ...others.map((place) => `one ${role(place)}`)].join(', then ');
}

/** An approval that comes before the reviews are complete fills nothing, as in an order one that comes before its turn. */
function unfilled(rule: ApprovalRule, signatories: readonly Signatory[]): Places {
  const persons = distinct(signatories).filter(({ roles }) =>
    SIGNING_ROLES.some((role) => roles.includes(role)),
  );
  const reviewedBy = (some: readonly Signatory[]) => open(reviewsOf(rule), some.filter(isReviewer));
  const turns = Array.from({ length: persons.length + 1 }, (_, turn) => turn);
  const turn = turns.find((each) => reviewedBy(persons.slice(0, each)).length === 0) ?? persons.length;
  const approvers = persons.slice(turn).filter((person) => !isReviewer(person));
  return { reviews: reviewedBy(persons), approvals: open(approvalsOf(rule), approvers) };
}

function isReviewer({ reviewed }: Signatory): boolean {
  return reviewed === true;
}

/** So many persons, how many of them in which role, and in which order. */
type Asked = ReviewRule;

function reviewsOf({ reviews = { persons: 0, roles: {}, order: 'any' } }: ApprovalRule): Asked {
  return reviews;
}

function approvalsOf({ approvals, roles, order }: ApprovalRule): Asked {
  return { persons: approvals, roles, order };
}

/** In order, a signature that comes before its turn fills nothing. Otherwise as many places are filled as can be, whoever came first. */
function open(asked: Asked, persons: readonly Signatory[]): readonly Place[] {
  const places = placesOf(asked);
  return asked.order === 'any' ? unmatched(places, persons) : afterOrder(places, persons);
}

/** The last signature of each person: one person never fills two places. */
function distinct(signatories: readonly Signatory[]): readonly Signatory[] {
  return signatories.filter(
    ({ person }, i) => !signatories.slice(i + 1).some((later) => later.person === person),
  );
}

function placesOf({ persons, roles, order }: Asked): readonly Place[] {
  const named: Place[] =
    order === 'any' ? SIGNING_ROLES.flatMap((role) => Array<Place>(roles[role] ?? 0).fill(role)) : [...order];
  return [...named, ...Array<Place>(persons - named.length).fill(null)];
}

function fits(place: Place | undefined, { roles }: Signatory): boolean {
  return place === null || (place !== undefined && roles.includes(place));
}

function afterOrder(places: readonly Place[], persons: readonly Signatory[]): readonly Place[] {
  const next = persons.reduce((turn, person) => (fits(places[turn], person) ? turn + 1 : turn), 0);
  return places.slice(next);
}

/** A maximum matching by augmenting paths (Kuhn): who holds two roles gives a place up to who holds one of them. */
function unmatched(places: readonly Place[], persons: readonly Signatory[]): readonly Place[] {
  const holders = new Map<number, Signatory>();
  const settle = (person: Signatory, tried: Set<number>): boolean =>
    places.some((place, i) => {
      if (tried.has(i) || !fits(place, person)) return false;
      tried.add(i);
      const holder = holders.get(i);
      if (holder && !settle(holder, tried)) return false;
      holders.set(i, person);
      return true;
    });
  for (const person of persons) settle(person, new Set());
  return places.filter((_, i) => !holders.has(i));
}
