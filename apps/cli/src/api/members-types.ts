import type { components } from '#api-client/schema';

type Schemas = components['schemas'];

/** Whom a rule of membership is of, and in which ring. */
export type MembersItem = Schemas['SetMembersDto'];
export type MemberRule = Schemas['MemberRuleDto'];
export type MembersCount = Schemas['MembersCountDto'];
export type ExplainedDevice = Schemas['ExplainedDeviceDto'];
export type MembershipRule = Schemas['MembershipRuleDto'];
