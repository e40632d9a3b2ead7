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
    case 'approve': {
      const approved = completes(world, approvalOf(world, request), by);
      request.signatures.push(signatureOf(world, by));
      if (approved) world.unseen.push({ request, what: 'approved' });
      request.status = !approved ? 'in-review' : world.hasBegun(request) ? 'approved' : 'scheduled';
      return;
    }
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

export function submit(world: World, request: ModelRequest): void {
  request.status = 'submitted';
  world.unseen.push({ request, what: 'submitted' });
}
