import { isSupersedable, UNDECIDED } from './rules.js';
import { sameRules, type Ask, type ModelRequest, type Status, type Unseen, type World } from './world.js';

/** Hours in which a release is to be ratified, by the ring's policy. */
export const RATIFY_WITHIN = 12;

/** What the worker does by itself: first about what happened, in that order, and then about the time. */
export function settle(world: World): void {
  for (const each of world.unseen.splice(0)) answer(world, each);
  for (const request of world.requests) inTime(world, request);
}

function answer(world: World, { request, what }: Unseen): void {
  // It may have gone another way meanwhile.
  if (request.status === what) request.status = answered(world, request, what);
  if (what === 'approved' && request.supersedes) supersede(request.supersedes);
}

function answered(world: World, request: ModelRequest, what: Unseen['what']): Status {
  switch (what) {
    case 'submitted':
      request.rulesThen = world.rules;
      return isToBeHad(world, request.asks) ? 'captured' : 'capture-refused';
    case 'approved':
      return begun(world, request);
    case 'released':
      return isTooLate(world, request) ? 'stale' : 'effective';
  }
}

/** What upstream does not have, and rules that the ring has already, are refused. */
function isToBeHad({ rules }: World, asks: Ask): boolean {
  return asks.what === 'policy' ? !sameRules(asks.rules, rules) : asks.what !== 'absent';
}

function begun(world: World, request: ModelRequest): Status {
  return world.isOver(request) ? 'expired' : applied(world, request);
}

/** Other rules take the place of those that were there when they were captured, and of no others. */
function applied(world: World, { asks, rulesThen }: ModelRequest): Status {
  if (asks.what !== 'policy') return 'effective';
  if (!rulesThen || !sameRules(rulesThen, world.rules)) return 'stale';
  world.rules = asks.rules;
  return 'effective';
}

/** A release was for that night: refused by then, or found after the time to ratify it or its own, it never takes effect. */
function isTooLate(world: World, request: ModelRequest): boolean {
  const { release } = request;
  if (!release) return false;
  return (
    release.ratification === 'refused' || world.now > release.at + RATIFY_WITHIN || world.isOver(request)
  );
}

/** What is in force, or was released in an emergency, goes on. */
function supersede(request: ModelRequest): void {
  if (isSupersedable(request) && request.release === undefined) request.status = 'superseded';
}

function inTime(world: World, request: ModelRequest): void {
  const { status } = request;
  const waits = status === 'scheduled' || UNDECIDED.some((each) => each === status);
  if (waits && world.isOver(request)) request.status = 'expired';
  else if (status === 'scheduled' && world.hasBegun(request)) request.status = begun(world, request);
}
