import { CodedError, type JsonObject } from '#kernel';
import { parseRefreshRequest, type RefreshRequest } from '#snap';
import type { DeviceAction } from '../answer/device-action.js';
import { readActions } from '../answer/read-actions.js';
import { isObject, snapIdOf } from '../answer/refresh-results.js';
import { parseObject } from '../routes/parse-object.js';
import {
  errorIn,
  membersOf,
  objectsIn,
  revisionIn,
  shown,
  textOf,
  type Saying,
  type Sayings,
} from './saying.js';

const NO_UPDATE = 'no update';
const NO_ANSWER = 'no answer';

/**
 * What an answer to a refresh says of each action (protocol page 4.2), in whatever order. Undefined for what is no answer to one.
 * @param asked the request's body
 */
export function readRefresh(asked: Buffer, body: Buffer, architecture: string): Sayings | undefined {
  const answer = parseObject(body);
  const actions = actionsIn(asked);
  if (!answer || !Array.isArray(answer['results']) || !actions) return undefined;
  const results = new Map<string, JsonObject>();
  for (const result of objectsIn(answer['results'])) {
    const key = keyOf(textOf(result['key']), textOf(result['instance-key']));
    if (key !== undefined) results.set(key, result);
  }
  const { snaps, groups } = actions;
  return new Map([
    ...snaps.map(({ action }): [string, Saying] => {
      const key = `snap ${action.instanceKey}`;
      return [key, ofAction(action, results.get(key), architecture)];
    }),
    ...groups.map(({ action }): [string, Saying] => {
      const key = `group ${action.key}`;
      return [key, ofGroup(results.get(key))];
    }),
  ]);
}

function keyOf(group: string | undefined, instance: string | undefined): string | undefined {
  if (instance !== undefined) return `snap ${instance}`;
  return group === undefined ? undefined : `group ${group}`;
}

function actionsIn(asked: Buffer): ReturnType<typeof readActions> | undefined {
  try {
    const request: RefreshRequest = parseRefreshRequest(parseObject(asked));
    return readActions(request);
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}

function ofAction(action: DeviceAction, result: JsonObject | undefined, architecture: string): Saying {
  const { action: kind, installed, channel } = action;
  const base = {
    snapId: action.snapId ?? (result && snapIdOf(result)),
    name: action.name ?? (result && nameIn(result)) ?? action.snapId ?? action.instanceKey,
    where: `${channel ?? (action.revision === undefined ? 'stable' : `revision ${action.revision}`)} ${architecture}`,
    members: {},
  };
  const absent = kind === 'refresh' ? NO_UPDATE : NO_ANSWER;
  if (!result) return { ...base, what: absent };
  if (result['result'] === 'error') return { ...base, what: errorIn(result['error']) };
  const { snap } = result;
  if (!isObject(snap)) return { ...base, what: 'an answer without a snap' };
  const what = revisionIn(snap);
  // Some stores name what a device has, and some say nothing then.
  if (kind === 'refresh' && what === `revision ${installed}`) return { ...base, what: NO_UPDATE };
  return {
    ...base,
    what,
    members: {
      ...shown('result', textOf(result['result'])),
      ...shown('name', nameIn(result)),
      ...shown('snap-id', textOf(result['snap-id'])),
      ...membersOf(snap),
    },
  };
}

function nameIn(result: JsonObject): string | undefined {
  return textOf(result['name'])?.slice(0, 100);
}

/** Which addresses it names is each store's own business. */
function ofGroup(result: JsonObject | undefined): Saying {
  const kind = result && textOf(result['result']);
  const said = kind === 'error' ? errorIn(result?.['error']) : (kind ?? NO_ANSWER);
  return { snapId: undefined, name: 'assertions', where: '', what: said.slice(0, 100), members: {} };
}
