import { stringify } from 'yaml';
import type {
  ApprovalPolicy,
  ApprovalRule,
  ApprovalRules,
  ApprovalRulesInForce,
  EmergencyRule,
  Freeze,
} from '../api/approval-types.js';
import { loginOf, namedRules, rolesAsked, snapNameOf } from './approval-rules.js';

/** A ring's approval policy as the file that sets it. */
export function writeRulesFile({ ring, version, changeRequest, rules, frozen }: ApprovalPolicy): string {
  const since = changeRequest === null ? 'built in' : `set by ${changeRequest}`;
  const now = frozen ? `# frozen until ${frozen.until}\n` : '';
  return `# ring ${ring}, version ${version}, ${since}\n${now}${stringify(rulesContent(rules), { schema: 'failsafe', lineWidth: 0 })}`;
}

/** Rules as a file holds them: all of it text, the same for the same rules. */
export function rulesContent(
  rules: ApprovalRules | ApprovalRulesInForce,
): Readonly<Record<string, object | string>> {
  const { emergency, freezes = [], ticket, soak, authored, verifiedByOthers, trailReviewed } = rules;
  return {
    ...Object.fromEntries(namedRules(rules).map(([name, rule]) => [name, ruleContent(rule)])),
    ...(emergency ? { emergency: emergencyContent(emergency) } : {}),
    ...(freezes.length > 0 ? { freezes: freezes.map(freezeContent) } : {}),
    ...(ticket ? { ticket: { ...ticket } } : {}),
    ...(soak ? { soak: soakContent(soak) } : {}),
    ...(authored ? { authored: 'true' } : {}),
    ...(verifiedByOthers ? { 'verified-by-others': 'true' } : {}),
    ...(trailReviewed ? { 'trail-reviewed': 'true' } : {}),
  };
}

export function soakContent({ ring, hours, verified }: NonNullable<ApprovalRules['soak']>): object {
  return { ring, hours: String(hours), ...(verified ? { verified: 'true' } : {}) };
}

function freezeContent({ from, to, zone, reason, emergencies }: Freeze): object {
  return { from, to, zone, reason, emergencies };
}

function emergencyContent({ onCall, snaps, ratifyWithinHours }: EmergencyRule): object {
  return {
    'on-call': onCall.map(loginOf),
    snaps: snaps === 'all' ? snaps : snaps.map(snapNameOf),
    'ratify-within-hours': String(ratifyWithinHours),
  };
}

function ruleContent(rule: ApprovalRule): object {
  const { approvals, reviews } = rule;
  return {
    approvals: String(approvals),
    ...rolesInOrder(rule),
    ...(reviews ? { reviews: { persons: String(reviews.persons), ...rolesInOrder(reviews) } } : {}),
  };
}

function rolesInOrder(rule: Pick<ApprovalRule, 'roles' | 'order'>): object {
  const roles = rolesAsked(rule);
  const { order } = rule;
  return {
    ...(roles.length === 0
      ? {}
      : { roles: Object.fromEntries(roles.map(([role, count]) => [role, String(count)])) }),
    ...(order === 'any' ? {} : { order: [...order] }),
  };
}
