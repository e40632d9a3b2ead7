import { approvalOf, isIdle, ratificationOf, type Doing } from './rules.js';
import { completes, signatureOf } from './signatures.js';
import { sameRules, type Ask, type ModelRequest, type Status, type World } from './world.js';

/** What an act makes of a request, once it was taken. @param asks what a revision asks for */
export function carryOut(world: World, request: ModelRequest, doing: Doing, asks: Ask): void {
  const { act, by, to } = doing;
  const { release } = request;
  switch (act) {
    case 'submit':
      return submitted(world, request);
    case 'revise':
      request.asks = asks;
      request.signatures = [];
      return submitted(world, request);
    case 'withdraw':
      request.status = 'withdrawn';
      return;
    case 'hand-over':
      if (isIdle(request, doing)) return;
      request.earlierAuthors.push(request.author);
      request.author = to;
      return;
    case 'approve': {
      const approved = completes(world, approvalOf(world, request), by);
      request.signatures.push(signatureOf(world, by));
      request.status = approved ? 'approved' : 'in-review';
      if (approved) world.unseen.push(request);
      return;
    }
    case 'reject':
      request.status = 'rejected';
      return;
    case 'release':
      request.status = 'released';
      request.release = { by, ratification: 'open', signatures: [] };
      world.unseen.push(request);
      return;
    case 'ratify':
      if (!release) return;
      if (completes(world, ratificationOf(world, request), by)) release.ratification = 'ratified';
      release.signatures.push(signatureOf(world, by));
      return;
    case 'refuse-ratification':
      if (release) release.ratification = 'refused';
      return;
    case 'recall':
      request.status = 'recalled';
      return;
    case 'verify':
      request.status = 'verified';
      request.verifiedBy = by;
      return;
    case 'fail':
      request.status = 'verification-failed';
      return;
    case 'close':
      request.status = 'closed';
      return;
    case 'comments':
      return;
  }
}

export function submitted(world: World, request: ModelRequest): void {
  request.status = 'submitted';
  world.unseen.push(request);
}

/** What the worker does by itself, in the order in which things happened. */
export function settle(world: World): void {
  for (const request of world.unseen.splice(0)) request.status = settled(world, request);
}

function settled(world: World, request: ModelRequest): Status {
  const { status, asks, release } = request;
  if (status === 'submitted') {
    request.rulesThen = world.rules;
    return isToBeHad(world, asks) ? 'captured' : 'capture-refused';
  }
  if (status === 'approved') return applied(world, request);
  if (status === 'released') return release?.ratification === 'refused' ? 'stale' : 'effective';
  return status;
}

/** What upstream does not have, and rules that the ring has already, are refused. */
function isToBeHad({ rules }: World, asks: Ask): boolean {
  return asks.what === 'policy' ? !sameRules(asks.rules, rules) : asks.what !== 'absent';
}

/** Other rules take the place of those that were there when they were captured, and of no others. */
function applied(world: World, { asks, rulesThen }: ModelRequest): Status {
  if (asks.what !== 'policy') return 'effective';
  if (!rulesThen || !sameRules(rulesThen, world.rules)) return 'stale';
  world.rules = asks.rules;
  return 'effective';
}
