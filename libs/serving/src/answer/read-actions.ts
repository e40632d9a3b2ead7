import type { RefreshAction, RefreshContext, RefreshRequest } from '#snap';
import { ServingError } from '../errors.js';
import type { DeviceAction } from './device-action.js';

/**
 * The actions of a request, each with what its context says. Fetch-assertions is refused, also beside other actions: snapd then asks for
 * each assertion by itself (protocol page 4.5).
 * @throws ServingError `bad-request`
 */
export function readActions(request: RefreshRequest): DeviceAction[] {
  const context = new Map(request.context.map((item) => [item['instance-key'], item]));
  const seen = new Set<string>();
  return request.actions.map((action, i) => {
    if (action.action === 'fetch-assertions') {
      throw badRequest(
        `/actions/${i}: fetch-assertions is not answered here; ask for each assertion by itself`,
      );
    }
    const key = action['instance-key'];
    // Results are matched by this key; two actions with one key could get each other's.
    if (seen.has(key)) throw badRequest(`/actions/${i}/instance-key: another action has the same one`);
    seen.add(key);
    return readAction(action, context.get(key), i);
  });
}

function readAction(
  action: Exclude<RefreshAction, { action: 'fetch-assertions' }>,
  installed: RefreshContext | undefined,
  i: number,
): DeviceAction {
  const asked = {
    action: action.action,
    instanceKey: action['instance-key'],
    snapId: action['snap-id'],
    name: action.name,
    revision: action.revision,
  };
  if (action.action !== 'refresh') {
    return { ...asked, channel: action.channel || undefined, epoch: action.epoch ?? undefined };
  }
  if (!installed) throw badRequest(`/actions/${i}/instance-key: not in the context`);
  if (installed['snap-id'] !== action['snap-id'])
    throw badRequest(`/actions/${i}/snap-id: the context has another`);
  const channel = action.channel || installed['tracking-channel'] || undefined;
  return { ...asked, channel, epoch: action.epoch ?? installed.epoch ?? undefined };
}

function badRequest(message: string): ServingError {
  return new ServingError('bad-request', message);
}
