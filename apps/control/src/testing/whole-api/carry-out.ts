import type { Login } from './people.js';
import { approvalOf, isIdle, ratificationOf, type Doing } from './rules.js';
import { completes, signatureOf } from './signatures.js';
import type { Ask, ModelRequest, World } from './world.js';

/** What an act makes of a request, once it was taken. @param asks what a revision asks for */
export function carryOut(world: World, request: ModelRequest, doing: Doing, asks: Ask): void {
  const { act, by, to } = doing;
  const { release } = request;
  switch (act) {
    case 'submit':
      return submit(world, request);
    case 'revise':
      request.asks = asks;
      request.window = world.windowFrom(asks.window);
      request.signatures = [];
      return submit(world, request);
    case 'withdraw':
      request.status = 'withdrawn';
      return;
    case 'hand-over':
      if (isIdle(request, doing)) return;
      request.earlierAuthors.push(request.author);
      request.author = to;
      return;
    case 'approve':
      return approve(world, request, by);
    case 'reject':
      request.status = 'rejected';
      return;
    case 'release':
      request.status = 'released';
      request.release = { by, at: world.now, ratification: 'open', signatures: [] };
      world.unseen.push({ request, what: 'released' });
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
      request.status = request.status === 'rolling-out' ? 'stopped' : 'recalled';
      return;
    case 'verify':
      request.verifiedBy.push(by);
      // The second ring of a plan has yet to come.
      if (request.status !== 'rolling-out') request.status = 'verified';
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

function approve(world: World, request: ModelRequest, by: Login): void {
  const isDecided = request.status !== 'captured' && request.status !== 'in-review';
  const approved = !isDecided && completes(world, approvalOf(world, request), by);
  request.signatures.push(signatureOf(world, by));
  if (isDecided) return;
  request.status = !approved ? 'in-review' : world.hasBegun(request) ? 'approved' : 'scheduled';
  if (approved) world.unseen.push({ request, what: 'approved' });
}

export function submit(world: World, request: ModelRequest): void {
  request.status = 'submitted';
  world.unseen.push({ request, what: 'submitted' });
}
