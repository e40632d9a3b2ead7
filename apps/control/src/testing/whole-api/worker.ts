import { approvalInSecond, isSupersedable, UNDECIDED } from './rules.js';
import { isComplete } from './signatures.js';
import {
  sameRules,
  SOAK,
  type Ask,
  type ModelRequest,
  type Status,
  type Unseen,
  type World,
} from './world.js';

/** Hours in which a release is to be ratified, by the ring's policy. */
export const RATIFY_WITHIN = 12;

/** What the worker does by itself: first about what happened, in that order, and then about the time. */
export function settle(world: World): void {
  for (const each of world.unseen.splice(0)) answer(world, each);
  for (const request of world.requests) inTime(world, request);
  for (const request of world.requests) haltWhenDue(world, request);
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
      request.haltsThen = world.halts;
      return isToBeHad(world, request.asks) ? 'captured' : 'capture-refused';
    case 'approved':
      return begun(world, request);
    case 'released':
      return isTooLate(world, request) ? 'stale' : 'effective';
  }
}

/** What upstream does not have is refused, and so are rules that the ring has already, and that it goes on where it is not halted. */
function isToBeHad({ rules, halts }: World, asks: Ask): boolean {
  if (asks.what === 'resume') return halts.length > 0;
  return asks.what === 'policy' ? !sameRules(asks.rules, rules) : asks.what !== 'absent';
}

function begun(world: World, request: ModelRequest): Status {
  if (world.isOver(request)) return 'expired';
  if (request.plan === undefined) return applied(world, request);
  request.plan.since = world.now;
  return 'rolling-out';
}

/** What takes the place of something does so of what was there when it was captured, and of nothing else. */
function applied(world: World, { asks, rulesThen, haltsThen }: ModelRequest): Status {
  if (asks.what === 'policy') {
    if (!rulesThen || !sameRules(rulesThen, world.rules)) return 'stale';
    world.rules = asks.rules;
  }
  if (asks.what === 'resume') {
    if (haltsThen !== world.halts) return 'stale';
    world.halts = [];
  }
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
  else if (status === 'rolling-out' && world.isOver(request)) request.status = 'stopped';
  else if (status === 'rolling-out' && inSecondRing(world, request)) request.status = 'effective';
}

/** The second ring of a plan gets it once nothing is missing. */
function inSecondRing(world: World, request: ModelRequest): boolean {
  const { plan, verifiedBy } = request;
  const due = plan?.waitsFor === 'soak' ? world.now >= (plan.since ?? 0) + SOAK : verifiedBy.length > 0;
  return due && world.halts.length === 0 && isComplete(world, approvalInSecond(request));
}

/** What is in force, and was refused, or not ratified in time. */
function haltWhenDue(world: World, request: ModelRequest): void {
  const { release, author, halted } = request;
  const isInForce = IN_FORCE.some((each) => each === request.status);
  if (!release || halted || !isInForce || release.ratification === 'ratified') return;
  if (release.ratification === 'open' && world.now <= release.at + RATIFY_WITHIN) return;
  request.halted = true;
  world.halts = [...world.halts, { concerns: [author, release.by] }];
}

const IN_FORCE = ['effective', 'verified', 'verification-failed', 'closed'] as const;
