import { isSame, type Login, type Role } from './people.js';
import type { ModelRequest, Rules, Signature, World } from './world.js';

/** What one person fills: a role, or whichever of the two that sign. */
type Place = 'approver' | 'qa' | 'any';

/** Two persons ratify at least. */
export function placesOf(what: 'approval' | 'ratification', { approvals }: Rules): readonly Place[] {
  if (approvals === 2) return ['approver', 'qa'];
  return what === 'approval' ? ['approver'] : ['approver', 'any'];
}

/** An admin signs nothing. */
export function signingRoles(world: World, login: Login): ReadonlySet<Role> {
  const roles = world.rolesOf(login);
  return new Set(roles.has('admin') ? [] : [...roles].filter((role) => role === 'approver' || role === 'qa'));
}

/** Whoever wrote a request, or released it, in whichever of their accounts. */
export function isOwn({ author, earlierAuthors, release }: ModelRequest, login: Login): boolean {
  const theirs = [author, ...earlierAuthors, ...(release ? [release.by] : [])];
  return theirs.some((each) => isSame(each, login));
}

/** Whoever wrote it. */
export function hasWritten({ author, earlierAuthors }: ModelRequest, login: Login): boolean {
  return [author, ...earlierAuthors].some((each) => isSame(each, login));
}

interface Asked {
  readonly request: ModelRequest;
  readonly signatures: readonly Signature[];
  readonly places: readonly Place[];
}

/** How many places signatures fill: each in the roles that its signer held then and holds now, each person once, and nobody's own. */
export function filled(world: World, { request, signatures, places }: Asked): number {
  const counted = signatures
    .filter(({ login }, i) => !signatures.slice(i + 1).some((later) => later.login === login))
    .map(({ login, roles }) => {
      const now = signingRoles(world, login);
      return { login, roles: [...roles].filter((role) => now.has(role)) };
    })
    .filter(({ roles }) => roles.length > 0);
  const persons = counted.filter(
    ({ login }, i) => !counted.slice(i + 1).some((later) => isSame(later.login, login)),
  );
  const others = persons.filter(({ login }) =>
    request.release ? !isOwn(request, login) : !hasWritten(request, login),
  );
  return most(
    places,
    others.map(({ roles }) => roles),
  );
}

/** The most places that can be filled, by trying each person in each. */
function most(places: readonly Place[], [person, ...others]: readonly (readonly Role[])[]): number {
  if (person === undefined) return 0;
  const instead = places.flatMap((place, i) =>
    place === 'any' || person.includes(place) ? [1 + most(places.toSpliced(i, 1), others)] : [],
  );
  return Math.max(most(places, others), ...instead);
}

/** One more signature is taken where it fills a place, or where those that were made before are enough by now. */
export function isAskedFor(world: World, asked: Asked, login: Login): boolean {
  return filled(world, asked) === asked.places.length || fillsOne(world, asked, login);
}

export function fillsOne(world: World, asked: Asked, login: Login): boolean {
  return filled(world, withOne(world, asked, login)) > filled(world, asked);
}

/** Whether nothing is missing. */
export function isComplete(world: World, asked: Asked): boolean {
  return filled(world, asked) === asked.places.length;
}

/** Whether it is complete with one more signature. */
export function completes(world: World, asked: Asked, login: Login): boolean {
  const enough = asked.places.length;
  return filled(world, asked) === enough || filled(world, withOne(world, asked, login)) === enough;
}

function withOne(world: World, asked: Asked, login: Login): Asked {
  return { ...asked, signatures: [...asked.signatures, signatureOf(world, login)] };
}

export function signatureOf(world: World, login: Login): Signature {
  return { login, roles: signingRoles(world, login) };
}
