import type {
  ApprovalRule,
  ApprovalRules,
  ApprovalRulesInForce,
  ChangeKind,
  EmergencyRule,
  Freeze,
  SigningRole,
} from '../api/approval-types.js';

/** In this order wherever they are listed. */
export const SIGNING_ROLES = ['approver', 'qa'] as const satisfies readonly SigningRole[];
/** Each of them, so that no rule is left out of what people read, and sign. */
const KINDS: Readonly<Record<ChangeKind, true>> = {
  override: true,
  'hold-without-expiry': true,
  access: true,
  listing: true,
  'publisher-changes': true,
  unblock: true,
  resume: true,
  members: true,
  'approval-policy': true,
};
export const CHANGE_KINDS = Object.keys(KINDS) as readonly ChangeKind[];

/** The rules by name, `default` first: as people write them. */
export function namedRules({
  default: otherwise,
  kinds,
}: Pick<ApprovalRules, 'default' | 'kinds'>): readonly (readonly [string, ApprovalRule])[] {
  return [
    ['default', otherwise],
    ...CHANGE_KINDS.flatMap((kind) => {
      const rule = kinds?.[kind];
      return rule ? [[kind, rule] as const] : [];
    }),
    // Of a later server: nobody is to sign what is not shown.
    ...Object.entries(kinds ?? {}).filter(([kind]) => !Object.hasOwn(KINDS, kind)),
  ];
}

/** How many of the persons must hold which role, for each that is asked for. */
export function rolesAsked({
  roles,
}: Pick<ApprovalRule, 'roles'>): readonly (readonly [SigningRole, number])[] {
  return SIGNING_ROLES.flatMap((role) => {
    const count = roles?.[role];
    return count === undefined ? [] : [[role, count] as const];
  });
}

/** A rule on one line: `2 (1 qa), in order: approver, qa, before that reviewed by 1 (1 qa)`. */
export function ruleText({ approvals, reviews, ...rule }: ApprovalRule): string {
  const text = personsText(approvals, rule);
  return reviews ? `${text}, before that reviewed by ${personsText(reviews.persons, reviews)}` : text;
}

function personsText(persons: number, rule: Pick<ApprovalRule, 'roles' | 'order'>): string {
  const roles = rolesAsked(rule).map(([role, count]) => `${count} ${role}`);
  const { order } = rule;
  return [
    `${persons}${roles.length === 0 ? '' : ` (${roles.join(', ')})`}`,
    ...(order === 'any' ? [] : [`in order: ${order.join(', ')}`]),
  ].join(', ');
}

/** Who releases what before it is approved, on one line. @param withIds of snaps too, where they are known */
export function emergencyText({ onCall, snaps, ratifyWithinHours }: EmergencyRule, withIds = false): string {
  const of = snaps === 'all' ? 'all snaps' : snaps.map((snap) => snapText(snap, withIds)).join(', ');
  return `released by one of ${onCall.map((each) => onCallText(each, withIds)).join(', ')}; of ${of}; ratified within ${ratifyWithinHours} hours`;
}

/** Which ticket each change names, on one line. */
function ticketRuleText({ system, approved }: TicketRule): string {
  return `of ${system}${approved === undefined ? '' : `, approved ${approved.replace('-', ' ')}`}`;
}

/** What an earlier ring must have had, on one line. */
export function soakRuleText({ ring, hours, verified }: NonNullable<ApprovalRules['soak']>): string {
  return `in force in ring ${ring} for ${hours} hours${verified ? ', and verified there' : ''}`;
}

type TicketRule = NonNullable<ApprovalRules['ticket']>;

type PersonOnCall = EmergencyRule['onCall'][number];

function onCallText(person: PersonOnCall, withIds: boolean): string {
  return typeof person === 'object' && withIds ? `${person.login} (${person.person})` : loginOf(person);
}

/** As people write it, whether it is what they wrote or whom it meant. */
export function loginOf(person: PersonOnCall): string {
  return typeof person === 'string' ? person : person.login;
}

function snapText(snap: SnapOfEmergency, withIds: boolean): string {
  return typeof snap === 'object' && withIds ? `${snap.name} (${snap.subject})` : snapNameOf(snap);
}

type SnapOfEmergency = Exclude<EmergencyRule['snaps'], 'all'>[number];

/** As people write it, whether it is what they wrote or what it meant. */
export function snapNameOf(snap: SnapOfEmergency): string {
  return typeof snap === 'string' ? snap : snap.name;
}

/** As people ask for them: with the names of snaps. */
export function asAsked({ emergency, ...rules }: ApprovalRules | ApprovalRulesInForce): ApprovalRules {
  if (!emergency) return rules;
  const { onCall, snaps } = emergency;
  return {
    ...rules,
    emergency: {
      ...emergency,
      onCall: onCall.map(loginOf),
      snaps: snaps === 'all' ? snaps : snaps.map(snapNameOf),
    },
  };
}

/** When nothing takes effect, on one line. */
function freezeText({ from, to, zone, reason, emergencies }: Freeze): string {
  const exception = emergencies === 'pass' ? 'emergencies pass' : 'emergencies wait as well';
  return `from ${from} to ${to} in ${zone}, ${exception} (${reason})`;
}

const SHOWN = [
  'default',
  'kinds',
  'emergency',
  'freezes',
  'ticket',
  'soak',
  'authored',
  'verifiedByOthers',
  'trailReviewed',
];

/** All of them on one line; equal for equal rules. @param withIds also of the snaps of an emergency, for who is to sign it */
export function rulesText(rules: ApprovalRules | ApprovalRulesInForce, withIds = false): string {
  const { emergency, freezes = [], ticket, soak, authored, verifiedByOthers, trailReviewed } = rules;
  // Of a later server, as above.
  const others = Object.entries(rules).filter(([name]) => !SHOWN.includes(name));
  return [
    ...namedRules(rules).map(([name, rule]) => `${name}: ${ruleText(rule)}`),
    ...(emergency ? [`emergency: ${emergencyText(emergency, withIds)}`] : []),
    ...freezes.map((freeze) => `freeze: ${freezeText(freeze)}`),
    ...(ticket ? [`ticket: ${ticketRuleText(ticket)}`] : []),
    ...(soak ? [`soak: ${soakRuleText(soak)}`] : []),
    ...(authored ? ['authored: signed by its author'] : []),
    ...(verifiedByOthers ? ['verified: by nobody who signed it'] : []),
    ...(trailReviewed ? ['trail reviewed: of the change, before a version takes effect'] : []),
    ...others.map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
  ].join('; ');
}
