import { isAssertionType } from '../assertion/types.js';
import { parseFetchAssertions, MAX_ASSERTION_REQUESTS } from './parse-fetch-assertions.js';
import {
  asArray,
  asBoolean,
  asObject,
  asString,
  asStrings,
  asWholeNumber,
  badRequest,
  optional,
  present,
  type Members,
} from './json-reader.js';
import { parseChannelText, parseEpoch, parseRevisionNumber, parseValidationSets } from './parse-parts.js';
import type {
  InstallAction,
  RefreshAction,
  RefreshContext,
  RefreshRequest,
  RefreshSnapAction,
} from './refresh-request.js';

/** Far above what a device has installed; a larger request is not from snapd. */
export const MAX_CONTEXT = 2000;
export const MAX_ACTIONS = 2000;
const MAX_FIELDS = 200;
const MAX_FORMATS = 100;
const MAX_HELD_BY = 1000;
const MAX_COHORT_KEY = 4096;

/**
 * All that snapd sends (protocol page §4.1), and nothing of what it does not: members that are not known are dropped, bounds are
 * set to everything. `context` and `actions` keep their order and number, so that index `i` is index `i` of the body.
 *
 * @param body parsed JSON
 * @throws SnapError `bad-request`, `about` being the JSON pointer of what is wrong
 */
export function parseRefreshRequest(body: unknown): RefreshRequest {
  const members = asObject(body, '');
  const context = optional(members, 'context', '', (value, pointer) =>
    asArray(value, pointer, MAX_CONTEXT).map((item, i) => parseContext(item, `${pointer}/${i}`)),
  );
  const actions = asArray(members['actions'], '/actions', MAX_ACTIONS).map((item, i) =>
    parseAction(item, `/actions/${i}`),
  );
  checkTotal(actions);
  return present({
    context: context ?? [],
    actions,
    fields: optional(members, 'fields', '', (value, pointer) => asStrings(value, pointer, MAX_FIELDS)),
    'assertion-max-formats': optional(members, 'assertion-max-formats', '', parseMaxFormats),
  });
}

function parseContext(value: unknown, pointer: string): RefreshContext {
  const members = asObject(value, pointer);
  return present({
    'snap-id': asString(members['snap-id'], `${pointer}/snap-id`),
    'instance-key': asString(members['instance-key'], `${pointer}/instance-key`),
    revision: asWholeNumber(members['revision'], `${pointer}/revision`),
    'tracking-channel': optional(members, 'tracking-channel', pointer, parseChannelText),
    epoch: optional(members, 'epoch', pointer, parseEpoch),
    'refreshed-date': optional(members, 'refreshed-date', pointer, asString),
    'ignore-validation': optional(members, 'ignore-validation', pointer, asBoolean),
    'cohort-key': optional(members, 'cohort-key', pointer, asCohortKey),
    'validation-sets': optional(members, 'validation-sets', pointer, parseValidationSets),
    held: optional(members, 'held', pointer, parseHeld),
  });
}

function parseAction(value: unknown, pointer: string): RefreshAction {
  const members = asObject(value, pointer);
  const action = members['action'];
  if (action === 'fetch-assertions') return parseFetchAssertions(members, pointer);
  if (action === 'refresh') return parseRefreshSnap(members, pointer);
  if (action === 'install' || action === 'download') return parseInstall(action, members, pointer);
  throw badRequest(`${pointer}/action`, 'install, download, refresh or fetch-assertions');
}

function parseInstall(action: InstallAction['action'], members: Members, pointer: string): InstallAction {
  return present({
    action,
    name: asString(members['name'], `${pointer}/name`),
    'snap-id': optional(members, 'snap-id', pointer, asString),
    ...parseSnapAction(members, pointer),
  });
}

function parseRefreshSnap(members: Members, pointer: string): RefreshSnapAction {
  return present({
    action: 'refresh' as const,
    'snap-id': asString(members['snap-id'], `${pointer}/snap-id`),
    name: optional(members, 'name', pointer, asString),
    ...parseSnapAction(members, pointer),
  });
}

function parseSnapAction(members: Members, pointer: string) {
  return present({
    'instance-key': asString(members['instance-key'], `${pointer}/instance-key`),
    channel: optional(members, 'channel', pointer, parseChannelText),
    revision: optional(members, 'revision', pointer, parseRevisionNumber),
    'cohort-key': optional(members, 'cohort-key', pointer, asCohortKey),
    'ignore-validation': optional(members, 'ignore-validation', pointer, asBoolean),
    'validation-sets': optional(members, 'validation-sets', pointer, parseValidationSets),
    epoch: optional(members, 'epoch', pointer, parseEpoch),
  });
}

function asCohortKey(value: unknown, pointer: string): string {
  return asString(value, pointer, MAX_COHORT_KEY);
}

function parseHeld(value: unknown, pointer: string): { by: readonly string[] } {
  return { by: asStrings(asObject(value, pointer)['by'], `${pointer}/by`, MAX_HELD_BY) };
}

function parseMaxFormats(value: unknown, pointer: string): Record<string, number> {
  const entries = Object.entries(asObject(value, pointer));
  if (entries.length > MAX_FORMATS) throw badRequest(pointer, `no more than ${MAX_FORMATS} members`);
  // Types that we do not know we cannot serve either; their names go no further.
  const known = entries.filter(([type]) => isAssertionType(type));
  return Object.fromEntries(
    known.map(([type, format]) => [type, asWholeNumber(format, `${pointer}/${type}`)]),
  );
}

/** Each action's list is bounded, and so is their sum. */
function checkTotal(actions: readonly RefreshAction[]): void {
  let total = 0;
  for (const action of actions) if (action.action === 'fetch-assertions') total += action.assertions.length;
  if (total > MAX_ASSERTION_REQUESTS)
    throw badRequest('/actions', `no more than ${MAX_ASSERTION_REQUESTS} assertions in all`);
}
