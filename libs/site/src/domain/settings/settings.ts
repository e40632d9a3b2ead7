import { actorName, type CommandContext, type Decider, type DomainEvent } from '#kernel';
import { SiteError } from '../errors.js';
import { inOurWords, isPart } from './incumbent-keys.js';
import { siteSetting } from './site-settings.js';

/** What the site's people set; the environment of a server wins over it. */
export const SETTINGS_STREAM = 'settings';

/** Values by key, of those that are set. */
export type Settings = ReadonlyMap<string, string>;

/** null: not set, the servers take their own value. */
export interface SettingChange {
  /** Ours, or one of the incumbent's that means something here. */
  readonly key: string;
  readonly value: string | null;
}

export type SettingChanged = DomainEvent<
  'SettingChanged',
  { readonly key: string; readonly old: string | null; readonly new: string | null }
>;

/** All or nothing. */
export interface ChangeSettings {
  readonly type: 'ChangeSettings';
  readonly context: CommandContext;
  readonly changes: readonly SettingChange[];
  /** What the servers would refuse of these settings: a sentence each. */
  readonly refused: (settings: Settings) => readonly string[];
}

/** What fits an environment file, as systemd and Node read it. */
const TEXT = /^[^\p{Cc}"'\\$`]{1,4000}$/u;

/** @throws SiteError `operator-required`, `no-such-setting`, `wrong-setting` */
function decide({ context, changes, refused }: ChangeSettings, state: Settings): readonly SettingChanged[] {
  requireOperator(context);
  const next = new Map(state);
  const keys = new Set<string>();
  for (const change of changes) {
    const { key, value } = inOurWords(change, next);
    siteSetting(key);
    if (keys.has(key) && !isPart(change.key)) throw wrong([`${key} is given twice: give it once`]);
    keys.add(key);
    if (value === null) next.delete(key);
    else next.set(key, textOf(key, value));
  }
  const sentences = refused(next);
  if (sentences.length > 0) throw wrong(sentences);
  return [...keys]
    .map((key) => ({ key, old: state.get(key) ?? null, new: next.get(key) ?? null }))
    .filter((data) => data.old !== data.new)
    .map((data) => ({ type: 'SettingChanged', data }));
}

function textOf(key: string, value: string): string {
  const text = value.trim();
  if (TEXT.test(text)) return text;
  throw wrong([
    `${key} takes one line of at most 4000 characters, without quotes, backslashes, dollar signs and backticks`,
  ]);
}

function wrong(sentences: readonly string[]): SiteError {
  return new SiteError('wrong-setting', `nothing was changed: ${sentences.join(' ')}`);
}

/** Who runs the site. @throws SiteError `operator-required` */
export function requireOperator({ actor }: CommandContext): void {
  if (actor.kind === 'person' && actor.roles.includes('operator')) return;
  throw new SiteError('operator-required', `${actorName(actor)} does not have the role operator`);
}

export const settings: Decider<ChangeSettings, SettingChanged, Settings> & {
  readonly versions: { SettingChanged: 1 };
} = {
  initialState: new Map(),
  versions: { SettingChanged: 1 },
  decide,
  evolve(state, { data }) {
    const next = new Map(state);
    if (data.new === null) next.delete(data.key);
    else next.set(data.key, data.new);
    return next;
  },
};
