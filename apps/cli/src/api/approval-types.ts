import type { components } from '#api-client/schema';

/** REST shapes of control that are about what it takes for a change to be approved. */

type Schemas = components['schemas'];

/** What it takes, in a ring, for a change to be approved. */
export type ApprovalRules = Schemas['ApprovalRulesDto'];
/** The same as it is in force: the snaps of an emergency are what their names meant. */
export type ApprovalRulesInForce = Schemas['ApprovalRulesInForceDto'];
export type EmergencyRule = NonNullable<(ApprovalRules | ApprovalRulesInForce)['emergency']>;
export type Freeze = NonNullable<ApprovalRules['freezes']>[number];
export type ApprovalRule = Schemas['ApprovalRuleDto'];
export type ReviewRule = NonNullable<ApprovalRule['reviews']>;
export type SigningRole = keyof NonNullable<ApprovalRule['roles']>;
export type ChangeKind = keyof NonNullable<ApprovalRules['kinds']>;
export type ApprovalPolicy = Schemas['ApprovalPolicyDto'];
