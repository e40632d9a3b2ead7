import { isSame } from './people.js';
import type { Act, Doing } from './rules.js';
import { hasWritten, signingRoles } from './signatures.js';
import type { ModelRequest, World } from './world.js';

/** By which somebody might come to decide on what is their own, or fewer people than are asked for on what is others'. */
export const ROUTES = [
  'their own',
  'their own, with another account',
  'their own, with a role given since',
  'what was handed over, as who wrote it before',
  'what they released',
  'what they verified',
  'signed twice',
  'signed with two accounts',
  'signed before a role was lost',
  'signed before it was said anew',
] as const;
type Route = (typeof ROUTES)[number];

/** What nobody does with what is their own. */
export const DECIDING: readonly Act[] = [
  'approve',
  'reject',
  'ratify',
  'refuse-ratification',
  'verify',
  'fail',
  'close',
];

/** The routes that an act goes along, whether it is refused or counts for less. */
export function routesOf(world: World, request: ModelRequest, { act, by }: Doing): readonly Route[] {
  const { status, author, earlierAuthors, release, verifiedBy, signatures } = request;
  if (act === 'revise') return status === 'in-review' ? ['signed before it was said anew'] : [];
  if (!DECIDING.includes(act)) return [];
  const signs = signingRoles(world, by).size > 0;
  const another = signs && hasWritten(request, by) && ![author, ...earlierAuthors].includes(by);
  const twice = act === 'approve' && signatures.some(({ login }) => login === by);
  const asTwo = act === 'approve' && signatures.some(({ login }) => login !== by && isSame(login, by));
  const lost = act === 'approve' && signatures.some(({ login }) => signingRoles(world, login).size === 0);
  const taken: Readonly<Record<Route, boolean>> = {
    'their own': signs && author === by,
    'their own, with another account': another,
    'their own, with a role given since': signs && author === by && by === 'ana',
    'what was handed over, as who wrote it before': earlierAuthors.some((each) => isSame(each, by)),
    'what they released': release !== undefined && isSame(release.by, by) && !hasWritten(request, by),
    'what they verified': act === 'close' && verifiedBy.some((each) => isSame(each, by)),
    'signed twice': twice,
    'signed with two accounts': asTwo,
    'signed before a role was lost': lost,
    'signed before it was said anew': false,
  };
  return ROUTES.filter((route) => taken[route]);
}
