import { later, type CommandContext, type Decider, type DomainEvent } from '#kernel';
import { SiteError } from '../errors.js';
import { inOurWords, isPart } from './incumbent-keys.js';
import {
  isSecretKey,
  sameDigest,
  SECRET_SETTINGS,
  type KeyedDigest,
  type SecretKey,
} from './secret-settings.js';
import {
  REQUEST_DAYS,
  requireConfirmable,
  type ConfirmSetting,
  type RequestedSetting,
  type Requester,
  takesTwo,
  type SettingOfTwo,
  type SettingRequested,
  type SettingRequestWithdrawn,
} from './signing-settings.js';
import { siteSetting, type PlainKey } from './site-settings.js';
import { newlyRefused, put, requireOnce, textOf } from './given-values.js';
import { requireMayChange, requireOperator } from './who-may-change.js';
import { wrongSetting } from './wrong-setting.js';

/** What the site's people set; the environment of a server wins over it. */
export const SETTINGS_STREAM = 'settings';

/** Values by key, of those that are set. */
export type SettingValues = ReadonlyMap<string, string>;

/** Of the secrets that are set, by key. */
export type SecretDigests = ReadonlyMap<SecretKey, KeyedDigest>;

/** What is set. */
export interface SetSettings {
  readonly values: SettingValues;
  readonly secrets: SecretDigests;
}

export interface Settings extends SetSettings {
  /** What waits for a second person, or ran out waiting. */
  readonly requested: ReadonlyMap<SettingOfTwo, RequestedSetting>;
}

/** null: not set, the servers take their own value. */
export interface SettingChange {
  /** Ours, or one of the incumbent's that means something here. */
  readonly key: string;
  readonly value: string | null;
}

/** null gives it up. The value was sealed before, and is not here. */
export interface SecretChange {
  readonly key: SecretKey;
  readonly digest: KeyedDigest | null;
}

interface PlainChanged {
  readonly key: PlainKey;
  readonly old: string | null;
  readonly new: string | null;
  /** Of what takes two people: who confirmed it is the event's actor. */
  readonly requestedBy?: Requester;
}

interface SecretChanged {
  readonly key: SecretKey;
  readonly old: KeyedDigest | null;
  readonly new: KeyedDigest | null;
}

/** Of a secret it has keyed digests, and no place for a value. Version 3: `requestedBy`. */
export type SettingChanged = DomainEvent<'SettingChanged', PlainChanged | SecretChanged>;

/** Somebody is about to be shown a secret. */
export type SecretRevealed = DomainEvent<
  'SecretRevealed',
  { readonly key: SecretKey; readonly digest: KeyedDigest }
>;

export type SettingsEvent = SettingChanged | SettingRequested | SettingRequestWithdrawn | SecretRevealed;

/** All or nothing. */
export interface ChangeSettings {
  readonly type: 'ChangeSettings';
  readonly context: CommandContext;
  readonly changes: readonly (SettingChange | SecretChange)[];
  /** What the servers would refuse of these settings: a sentence each. */
  readonly refused: (values: SettingValues) => readonly string[];
}

/** All or nothing. */
export interface RevealSecrets {
  readonly type: 'RevealSecrets';
  readonly context: CommandContext;
  readonly keys: readonly SecretKey[];
}

export type SettingsCommand = ChangeSettings | ConfirmSetting | RevealSecrets;

/**
 * Settings are an operator's to change, but for those by which people sign: these take two people, admins or `qa`, once the site is in use.
 * @throws SiteError `operator-required`, `admin-or-qa-required`, `no-such-setting`, `wrong-setting`, `secret-not-set`, `setting-not-requested`,
 * `second-person-required`
 */
function decide(command: SettingsCommand, state: Settings): readonly SettingsEvent[] {
  switch (command.type) {
    case 'ChangeSettings':
      return changeOrAsk(command, state);
    case 'ConfirmSetting': {
      const { key, refused } = command;
      const { new: value, requestedBy } = requireConfirmable(command, state.requested.get(key));
      const values = new Map(state.values);
      put(values, key, value);
      const sentences = newlyRefused(refused, values, state.values);
      if (sentences.length > 0) throw wrongSetting(sentences);
      const old = state.values.get(key) ?? null;
      return [{ type: 'SettingChanged', data: { key, old, new: value, requestedBy } }];
    }
    case 'RevealSecrets':
      requireOperator(command.context);
      return [...new Set(command.keys)].map((key) => ({
        type: 'SecretRevealed',
        data: { key, digest: digestOf(key, state) },
      }));
  }
}

function changeOrAsk(command: ChangeSettings, state: Settings): readonly SettingsEvent[] {
  const requestedBy = requireMayChange(command);
  const events = change(command, state);
  if (requestedBy === null) return events;
  const expiresAt = later(command.context.at, REQUEST_DAYS * 86_400_000);
  const withdrawn = command.changes.flatMap(({ key }): SettingsEvent[] => {
    if (!takesTwo(key) || events.some(({ data }) => data.key === key)) return [];
    const pending = state.requested.get(key);
    return pending ? [{ type: 'SettingRequestWithdrawn', data: { key, requested: pending.new } }] : [];
  });
  const asked = events.flatMap(({ data }): SettingsEvent[] => {
    const { key } = data;
    if (isOfSecret(data) || !takesTwo(key)) return [];
    return [
      { type: 'SettingRequested', data: { key, old: data.old, new: data.new, requestedBy, expiresAt } },
    ];
  });
  return [...asked, ...withdrawn];
}

function change({ changes, refused }: ChangeSettings, state: Settings): readonly SettingChanged[] {
  const values = new Map(state.values);
  const secrets = new Map(state.secrets);
  const plainKeys = new Set<PlainKey>();
  const secretKeys = new Set<SecretKey>();
  for (const each of changes) {
    if ('digest' in each) {
      requireOnce(each.key, secretKeys);
      secretKeys.add(each.key);
      put(secrets, each.key, each.digest);
    } else {
      const { key: given, value } = inOurWords(each, values);
      const { key } = siteSetting(given);
      if (!isPart(each.key)) requireOnce(key, plainKeys);
      plainKeys.add(key);
      put(values, key, value === null ? null : textOf(key, value));
    }
  }
  const ofTwo = changes.every(({ key }) => takesTwo(key));
  const wrong = ofTwo ? newlyRefused(refused, values, state.values) : refused(values);
  const sentences = [...wrong, ...alone({ values, secrets })];
  if (sentences.length > 0) throw wrongSetting(sentences);
  const plain = [...plainKeys]
    .map((key) => ({ key, old: state.values.get(key) ?? null, new: values.get(key) ?? null }))
    .filter((data) => data.old !== data.new);
  const secret = [...secretKeys]
    .map((key) => ({ key, old: state.secrets.get(key) ?? null, new: secrets.get(key) ?? null }))
    .filter((data) => !sameDigest(data.old, data.new));
  return [...plain, ...secret].map((data) => ({ type: 'SettingChanged', data }));
}

/** Secrets that nobody would be shown, as the servers refuse them. */
function alone({ values, secrets }: SetSettings): readonly string[] {
  return SECRET_SETTINGS.filter(({ key, goesWith }) => secrets.has(key) && !values.has(goesWith)).map(
    ({ key, goesWith }) =>
      `${key} would be set without ${goesWith}, which says whom they are for: set both together, or give up both.`,
  );
}

function digestOf(key: SecretKey, { secrets }: Settings): KeyedDigest {
  const digest = secrets.get(key);
  if (digest) return digest;
  throw new SiteError('secret-not-set', `${key} is not set: there is nothing to show`);
}

function isOfSecret(data: PlainChanged | SecretChanged): data is SecretChanged {
  return isSecretKey(data.key);
}

export const settings: Decider<SettingsCommand, SettingsEvent, Settings> & {
  readonly versions: {
    SettingChanged: 3;
    SettingRequested: 1;
    SettingRequestWithdrawn: 1;
    SecretRevealed: 1;
  };
} = {
  initialState: { values: new Map(), secrets: new Map(), requested: new Map() },
  // Version 1 has no secrets.
  versions: { SettingChanged: 3, SettingRequested: 1, SettingRequestWithdrawn: 1, SecretRevealed: 1 },
  decide,
  evolve(state, event) {
    if (event.type === 'SecretRevealed') return state;
    const next = {
      values: new Map(state.values),
      secrets: new Map(state.secrets),
      requested: new Map(state.requested),
    };
    if (event.type === 'SettingRequested') {
      next.requested.set(event.data.key, event.data);
      return next;
    }
    if (event.type === 'SettingRequestWithdrawn') {
      next.requested.delete(event.data.key);
      return next;
    }
    const { data } = event;
    if (isOfSecret(data)) put(next.secrets, data.key, data.new);
    else put<string, string>(next.values, data.key, data.new);
    if (takesTwo(data.key)) next.requested.delete(data.key);
    return next;
  },
};
