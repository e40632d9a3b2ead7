import { SIGNING_ROLES } from '../approval-policy/approval-policy.js';
import { freezesProblem } from '../approval-policy/freeze.js';
import { soakProblem, type SoakRule } from '../approval-policy/soak-rule.js';
import { ReleaseControlError } from '../errors.js';
import {
  MOST_DAYS,
  MOST_NAMED,
  MOST_TARGETS,
  MOST_USES,
  PASSABLE_MARKS,
  type AskedTemplate,
  type WeeklyHours,
} from './template.js';

const DAY_MS = 86_400_000;

export const TEMPLATE_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
const WORD = /^[^\s@]{1,255}$/;
const FULL_CHANNEL = /^[\w.+-]+\/(stable|candidate|beta|edge)(\/[\w.+-]+)?$/;
const ARCHITECTURE = /^[a-z0-9]{1,20}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Refuses a template that cannot be meant, or has no end. @param ring that it is to be of @param now RFC 3339 @throws ReleaseControlError `invalid-items` */
export function checkTemplate(template: AskedTemplate, ring: string, now: string): void {
  const wrong = problemWith(template, ring, now);
  if (wrong !== undefined)
    throw new ReleaseControlError('invalid-items', `the template "${template.name}" ${wrong}`);
}

function problemWith(template: AskedTemplate, ring: string, now: string): string | undefined {
  const { name, snaps, channels, architectures, mostTargets, passes, soak, uses, hours, usedBy } = template;
  if (!TEMPLATE_NAME.test(name)) return 'must be called by small letters, digits and hyphens, 63 at most';
  return (
    listProblem('snaps', snaps, WORD, 'names of snaps') ??
    (channels === 'all'
      ? undefined
      : listProblem('channels', channels, FULL_CHANNEL, 'full channels such as latest/stable')) ??
    (architectures === 'all'
      ? undefined
      : listProblem('architectures', architectures, ARCHITECTURE, 'such as amd64')) ??
    countProblem('mostTargets', mostTargets, MOST_TARGETS) ??
    amongProblem('passes', passes, PASSABLE_MARKS) ??
    soakText(soak, ring) ??
    countProblem('uses.most', uses.most, MOST_USES) ??
    countProblem('uses.days', uses.days, MOST_DAYS) ??
    (hours && hoursProblem(hours)) ??
    (usedBy.length === 0 ? 'says nobody who may use it' : amongProblem('usedBy', usedBy, SIGNING_ROLES)) ??
    untilProblem(template.until, now)
  );
}

function listProblem(what: string, list: readonly string[], shape: RegExp, such: string): string | undefined {
  if (list.length === 0) return `names no ${what}`;
  if (list.length > MOST_NAMED) return `names ${list.length} ${what}: at most ${MOST_NAMED}`;
  const wrong = list.find((each) => !shape.test(each));
  if (wrong !== undefined) return `names "${wrong}" among its ${what}: they must be ${such}`;
  return twice(what, list);
}

function amongProblem(what: string, list: readonly string[], allowed: readonly string[]): string | undefined {
  const wrong = list.find((each) => !allowed.includes(each));
  if (wrong !== undefined) return `says "${wrong}" in ${what}: there may be ${allowed.join(', ')}`;
  return twice(what, list);
}

function twice(what: string, list: readonly string[]): string | undefined {
  const again = list.find((each, i) => list.indexOf(each) !== i);
  return again === undefined ? undefined : `names ${again} twice in ${what}`;
}

function countProblem(what: string, count: number, most: number): string | undefined {
  if (Number.isInteger(count) && count >= 1 && count <= most) return undefined;
  return `says ${count} for ${what}: it must be 1 to ${most}`;
}

function soakText(soak: SoakRule | undefined, ring: string): string | undefined {
  const wrong = soak && soakProblem(soak, ring);
  return wrong === undefined ? undefined : `says soak that ${wrong}`;
}

/** The same words as of a weekly freeze. */
function hoursProblem(hours: WeeklyHours): string | undefined {
  if (/^\d/.test(hours.from)) return 'says hours that are no times of the week, such as mon 08:00';
  const wrong = freezesProblem([{ ...hours, reason: 'hours', emergencies: 'wait' }]);
  return wrong === undefined ? undefined : `says hours that ${wrong}`;
}

function untilProblem(until: string, now: string): string | undefined {
  if (!TIME.test(until) || Number.isNaN(Date.parse(until)) || new Date(until).toISOString() !== until)
    return `ends at "${until}", which is no time in UTC with milliseconds`;
  const left = Date.parse(until) - Date.parse(now);
  if (left <= 0) return `ends at ${until}, which has passed`;
  return left > MOST_DAYS * DAY_MS
    ? `ends at ${until}: it may be in force for ${MOST_DAYS} days at most, and is looked at again then`
    : undefined;
}
