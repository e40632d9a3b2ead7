import { SIGNING_ROLES, type ApprovalRule, type AskedRule, type SigningRole } from './approval-policy.js';

/** Who has signed, and the roles in which the signature counts. */
export interface Signatory {
  /** The person's id. */
  readonly person: string;
  readonly roles: readonly string[];
}

/** What one person fills; null: in whichever of the roles that sign. */
type Place = SigningRole | null;

/** How many of the places that the rules ask for are filled. @param signatories in the order in which they signed */
export function filled(asked: readonly AskedRule[], signatories: readonly Signatory[]): number {
  return asked.reduce((sum, { rule }) => sum + placesOf(rule).length - unfilled(rule, signatories).length, 0);
}

/** What is still needed, for people to read; empty when every rule is met. */
export function missing(asked: readonly AskedRule[], signatories: readonly Signatory[]): readonly string[] {
  return asked.flatMap(({ kinds, rule }) => {
    const places = unfilled(rule, signatories);
    if (places.length === 0) return [];
    const words = rule.order === 'any' ? inAnyOrder(places) : inOrder(places);
    return [asked.length === 1 ? words : `${words} (for ${kinds.join(', ')})`];
  });
}

function inAnyOrder(places: readonly Place[]): string {
  const roles = SIGNING_ROLES.flatMap((role) => {
    const count = places.filter((place) => place === role).length;
    return count === 0 ? [] : [`${count} with the role ${role}`];
  });
  const signatures = places.length === 1 ? '1 more signature' : `${places.length} more signatures`;
  return roles.length === 0 ? signatures : `${signatures}, ${roles.join(' and ')}`;
}

function inOrder([first, ...others]: readonly Place[]): string {
  const role = (place: Place | undefined) => (place ? `with the role ${place}` : 'in any role');
  return [`the next signature ${role(first)}`, ...others.map((place) => `one ${role(place)}`)].join(
    ', then ',
  );
}

/** In order, a signature that comes before its turn fills nothing. Otherwise as many places are filled as can be, whoever came first. */
function unfilled(rule: ApprovalRule, signatories: readonly Signatory[]): readonly Place[] {
  const places = placesOf(rule);
  const persons = distinct(signatories).filter(({ roles }) =>
    SIGNING_ROLES.some((role) => roles.includes(role)),
  );
  return rule.order === 'any' ? unmatched(places, persons) : afterOrder(places, persons);
}

/** The last signature of each person: one person never fills two places. */
function distinct(signatories: readonly Signatory[]): readonly Signatory[] {
  return signatories.filter(
    ({ person }, i) => !signatories.slice(i + 1).some((later) => later.person === person),
  );
}

function placesOf({ approvals, roles, order }: ApprovalRule): readonly Place[] {
  const named: Place[] =
    order === 'any' ? SIGNING_ROLES.flatMap((role) => Array<Place>(roles[role] ?? 0).fill(role)) : [...order];
  return [...named, ...Array<Place>(approvals - named.length).fill(null)];
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
