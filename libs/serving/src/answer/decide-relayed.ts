import type { JsonObject } from '#kernel';
import { answer, decideRevision, notServed, refuse, type Decision, type RingView } from './decide-action.js';
import type { DeviceAction } from './device-action.js';
import { resolveChannel } from './resolve-channel.js';

/** Upstream's result may go to the device, its URLs rewritten. `effectiveChannel` in full form. */
export interface PassOn {
  readonly kind: 'pass';
  readonly effectiveChannel: string;
}

/**
 * The second look: upstream's result says which snap a name means and which channel was effective (a closed risk falls back to the next
 * stable one; a default track may be newer than our manifests). Whatever of that is held gets the held revision, so that no other
 * revision leaks through a side door.
 */
export function decideRelayed(
  ring: RingView,
  action: DeviceAction,
  result: JsonObject,
  architecture: string,
): Exclude<Decision, { kind: 'relay' }> | PassOn {
  const snapId = result['snap-id'];
  if (typeof snapId !== 'string' || (action.snapId !== undefined && action.snapId !== snapId)) {
    return refuse('upstream-malformed', 'the upstream store answered with another snap than was asked for');
  }
  const told = textOf(result['effective-channel']) ?? textOf(result['redirect-channel']);
  const effective = channelTold(told) ?? resolveChannel(action.channel, ring.held.defaultTrack(snapId)).full;
  const passed: PassOn = { kind: 'pass', effectiveChannel: effective };
  const held = ring.held.of(snapId);
  const unheld = ring.access.passes(snapId) ? passed : notServed(ring, action, snapId, held);
  if (held.length === 0) return unheld;
  if (action.revision !== undefined) {
    return noRelay(decideRevision(ring, snapId, action, action.revision, architecture), passed);
  }
  const release = ring.held.find(snapId, effective, architecture);
  if (!release) return unheld;
  return noRelay(answer(release, action, effective, channelTold(textOf(result['redirect-channel']))), passed);
}

/** Upstream is not trusted to write channels well: what is none counts as not said. */
function channelTold(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : resolveChannel(text, undefined).full;
  } catch {
    return undefined;
  }
}

function noRelay(decision: Decision, passed: PassOn): Exclude<Decision, { kind: 'relay' }> | PassOn {
  return decision.kind === 'relay' ? passed : decision;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
