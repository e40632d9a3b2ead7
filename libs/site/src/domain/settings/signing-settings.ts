import { actorName, isSamePerson, type CommandContext, type DomainEvent } from '#kernel';
import { SiteError } from '../errors.js';
import type { PlainKey } from './site-settings.js';

/** The settings by which a signature is harder, or easier, to make. Changing one takes two people, as a role that signs does (R22, R23). */
const SIGNING_SETTINGS = [
  'password-days',
  'second-component',
  'session-idle-minutes',
  'signing-pause-minutes',
  'training',
  'identity-reference',
] as const satisfies readonly PlainKey[];
export type SigningSetting = (typeof SIGNING_SETTINGS)[number];

/** Beside them: the address that security keys are bound to (WebAuthn Level 3, section 5.1.2). With another host none of them opens anything any more. */
export const SETTINGS_OF_TWO = ['control-url', ...SIGNING_SETTINGS] as const satisfies readonly PlainKey[];
export type SettingOfTwo = (typeof SETTINGS_OF_TWO)[number];

/** Who asks for it, and who confirms it. */
const TWO_OF = ['admin', 'qa'];

/** How long a request waits for its second person: a week. */
export const REQUEST_DAYS = 7;

export interface Requester {
  readonly id: string;
  readonly name: string;
}

/** What waits for a second person. */
export interface RequestedSetting {
  /** Null: back to the default. */
  readonly new: string | null;
  readonly requestedBy: Requester;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
}

/** An admin or `qa` asks for a setting by which people sign; a second one confirms it, or it runs out. */
export type SettingRequested = DomainEvent<
  'SettingRequested',
  RequestedSetting & { readonly key: SettingOfTwo; readonly old: string | null }
>;

/** Somebody asked for what is in force already: what waited is taken back. */
export type SettingRequestWithdrawn = DomainEvent<
  'SettingRequestWithdrawn',
  { readonly key: SettingOfTwo; readonly requested: string | null }
>;

export function takesTwo(key: string): key is SettingOfTwo {
  return (SETTINGS_OF_TWO as readonly string[]).includes(key);
}

export function isSigningSetting(key: string): key is SigningSetting {
  return (SIGNING_SETTINGS as readonly string[]).includes(key);
}

/** A site that is being set up has nobody yet to confirm it. */
export function isInCommissioning({ actor }: CommandContext): boolean {
  return actor.kind === 'person' && actor.auth === 'commissioning';
}

/** Whether it leaves a signature easier to make. The values are as the servers take them. */
export function isWeaker(key: SigningSetting, value: string, than: string): boolean {
  switch (key) {
    case 'second-component':
    case 'training':
    case 'identity-reference':
      return value === 'optional' && than === 'required';
    case 'session-idle-minutes':
    case 'signing-pause-minutes':
      return Number(value) > Number(than);
    case 'password-days':
      return ageOf(value) > ageOf(than);
  }
}

/** 0 lets passwords get as old as they like. */
function ageOf(days: string): number {
  return Number(days) === 0 ? Infinity : Number(days);
}

export function mayDecideOnSigning(roles: readonly string[]): boolean {
  return TWO_OF.some((role) => roles.includes(role));
}

/** @throws SiteError `admin-or-qa-required` */
export function requireAdminOrQa({ actor }: CommandContext): Requester {
  if (actor.kind === 'person' && mayDecideOnSigning(actor.roles)) return { id: actor.id, name: actor.name };
  throw new SiteError(
    'admin-or-qa-required',
    `${actorName(actor)} is not a person with the role ${TWO_OF.join(' or ')}, which a setting by which people sign takes`,
  );
}

/**
 * It is another person than who asked, proved anew, and of exactly what was asked for.
 * @param requesterMay whether who asked may still ask: their own stream says so
 * @throws SiteError `admin-or-qa-required`, `setting-not-requested`, `second-person-required`
 */
export function requireConfirmable(
  { key, value, requesterMay, context }: ConfirmSetting,
  pending: RequestedSetting | undefined,
): RequestedSetting {
  const { id } = requireAdminOrQa(context);
  if (!pending || pending.new !== value || Date.parse(context.at) >= Date.parse(pending.expiresAt)) {
    throw new SiteError(
      'setting-not-requested',
      `nobody has asked for ${key}=${value ?? ''} in the last ${REQUEST_DAYS} days, or something else was asked for since`,
    );
  }
  if (isSamePerson(id, pending.requestedBy.id, context)) {
    const who =
      id === pending.requestedBy.id ? 'you' : `${pending.requestedBy.name}, whose other account this is,`;
    throw new SiteError('second-person-required', `${who} asked for it: another person confirms it`);
  }
  if (!requesterMay) {
    throw new SiteError(
      'second-person-required',
      `${pending.requestedBy.name}, who asked for it, may no longer: ask for it again, and another person confirms it`,
    );
  }
  return pending;
}

/** A second person says so, who proved just now who they are. */
export interface ConfirmSetting {
  readonly type: 'ConfirmSetting';
  readonly context: CommandContext;
  readonly key: SettingOfTwo;
  readonly value: string | null;
  readonly requesterMay: boolean;
  /** What the servers would refuse of these settings: a sentence each. */
  readonly refused: (values: ReadonlyMap<string, string>) => readonly string[];
}
