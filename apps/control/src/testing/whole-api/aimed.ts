import { isSame, PEOPLE } from './people.js';
import { DECIDING } from './routes.js';
import { ACTS, isIdle, isOfStatus, isTaken, type Act, type Doing } from './rules.js';
import { isOwn } from './signatures.js';
import type { Aim } from './steps.js';
import type { ModelRequest, World } from './world.js';

/** What leads nowhere, or to the beginning. */
const BACK: readonly Act[] = ['withdraw', 'revise', 'reject', 'recall'];

/** What is done, and with which request; undefined: there is nothing of that kind. @param which of those that something can be done with */
export function aimed(
  world: World,
  { at, n }: Aim,
  which: number,
): { readonly request: ModelRequest; readonly doing: Doing } | undefined {
  if (at === 'nothing') return undefined;
  const all = world.requests.flatMap((request) => {
    const possible = ACTS.filter((act) => isPossible(request, act))
      .flatMap((act) => PEOPLE.map((by): Doing => ({ act, by, to: n % 3 === 0 ? 'ana' : 'dot' })))
      .filter((doing) => !isIdle(request, doing));
    const choose = at === 'taken' ? onward : against;
    const doing = choose(world, request, possible, n);
    return doing ? [{ request, doing }] : [];
  });
  return all[which % Math.max(all.length, 1)];
}

/** What is ratified was released. */
function isPossible(request: ModelRequest, act: Act): boolean {
  if (act === 'ratify' || act === 'refuse-ratification') return request.release?.ratification === 'open';
  return act !== 'comments' && isOfStatus(request, act);
}

/** One of the acts that lead on, mostly, and one of those who may. */
function onward(
  world: World,
  request: ModelRequest,
  possible: readonly Doing[],
  n: number,
): Doing | undefined {
  const doable = possible.filter((doing) => isTaken(world, request, doing));
  const forth = doable.filter(({ act }) => !BACK.includes(act));
  const among = n % 4 === 0 ? doable : forth;
  const acts = [...new Set(among.map(({ act }) => act))];
  const act = acts[Math.floor(n / 4) % Math.max(acts.length, 1)];
  const who = among.filter((each) => each.act === act);
  return who[n % Math.max(who.length, 1)];
}

/** Their own, mostly, or what they signed or verified before. */
function against(
  world: World,
  request: ModelRequest,
  possible: readonly Doing[],
  n: number,
): Doing | undefined {
  const refused = possible.filter((doing) => !isTaken(world, request, doing));
  const before = [...request.signatures.map(({ login }) => login), ...request.verifiedBy];
  const own = refused.filter(
    ({ act, by }) =>
      DECIDING.includes(act) && (isOwn(request, by) || before.some((each) => isSame(each, by))),
  );
  const among = n % 4 === 0 || own.length === 0 ? refused : own;
  return among[Math.floor(n / 4) % Math.max(among.length, 1)];
}
