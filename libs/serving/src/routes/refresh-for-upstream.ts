import type { JsonObject, JsonValue } from '#kernel';
import { stepsToRelay, type RefreshPlan } from '../answer/plan-refresh.js';
import { isObject, NEEDED_FIELDS } from '../answer/refresh-results.js';
import type { FetchGroup } from '../assertions/fetch-plan.js';

export interface PlannedRequest {
  readonly plan: RefreshPlan;
  readonly groups: readonly FetchGroup[];
}

/**
 * What of a device's request is upstream's to answer, as the device wrote it: what a newer snapd says there is upstream's business.
 * @returns undefined when the policy answers all of it
 */
export function refreshForUpstream(
  body: JsonObject,
  { plan, groups }: PlannedRequest,
): JsonObject | undefined {
  const given = Array.isArray(body['actions']) ? (body['actions'] as readonly JsonValue[]) : [];
  const actions = [
    ...stepsToRelay(plan).map(({ index }) => given[index] ?? null),
    ...groups.flatMap((group) => askedOf(group, given[group.index])),
  ];
  if (actions.length === 0) return undefined;
  const formats = body['assertion-max-formats'];
  return {
    context: body['context'] ?? [],
    actions,
    ...(plan.fields ? { fields: [...new Set([...plan.fields, ...NEEDED_FIELDS])] } : {}),
    ...(formats === undefined ? {} : { 'assertion-max-formats': formats }),
  };
}

function askedOf({ steps }: FetchGroup, group: JsonValue | undefined): JsonObject[] {
  const given = isObject(group) ? group['assertions'] : undefined;
  if (!isObject(group) || !Array.isArray(given)) return [];
  const asked = steps.flatMap((step) =>
    step.kind === 'ask' ? [(given as JsonValue[])[step.index] ?? null] : [],
  );
  return asked.length === 0 ? [] : [{ ...group, assertions: asked }];
}
