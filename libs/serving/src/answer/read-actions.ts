import type { FetchAssertionsAction, RefreshAction, RefreshContext, RefreshRequest } from '#snap';
import { ServingError } from '../errors.js';
import type { DeviceAction } from './device-action.js';

export interface ReadActions {
  /** With what the context says of each. */
  readonly snaps: readonly Indexed<DeviceAction>[];
  readonly groups: readonly Indexed<FetchAssertionsAction>[];
}

/** `index` in the request's `actions`. */
export interface Indexed<Action> {
  readonly action: Action;
  readonly index: number;
}

/** Sorts the actions of a request, each with what its context says. @throws ServingError `bad-request` */
export function readActions(request: RefreshRequest): ReadActions {
  const context = new Map(request.context.map((item) => [item['instance-key'], item]));
  const snaps: Indexed<DeviceAction>[] = [];
  const groups: Indexed<FetchAssertionsAction>[] = [];
  // Results are matched by these keys; two actions with one key could get each other's.
  const [snapKeys, groupKeys] = [new Set<string>(), new Set<string>()];
  for (const [index, action] of request.actions.entries()) {
    if (action.action === 'fetch-assertions') {
      if (groupKeys.has(action.key))
        throw badRequest(`/actions/${index}/key: another group has the same one`);
      groupKeys.add(action.key);
      groups.push({ action, index });
      continue;
    }
    const key = action['instance-key'];
    if (snapKeys.has(key))
      throw badRequest(`/actions/${index}/instance-key: another action has the same one`);
    snapKeys.add(key);
    snaps.push({ action: readAction(action, context.get(key), index), index });
  }
  return { snaps, groups };
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
    return {
      ...asked,
      channel: action.channel || undefined,
      installed: undefined,
      epoch: action.epoch ?? undefined,
    };
  }
  if (!installed) throw badRequest(`/actions/${i}/instance-key: not in the context`);
  if (installed['snap-id'] !== action['snap-id'])
    throw badRequest(`/actions/${i}/snap-id: the context has another`);
  const channel = action.channel || installed['tracking-channel'] || undefined;
  return {
    ...asked,
    channel,
    installed: installed.revision,
    epoch: action.epoch ?? installed.epoch ?? undefined,
  };
}

function badRequest(message: string): ServingError {
  return new ServingError('bad-request', message);
}
