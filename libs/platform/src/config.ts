import 'reflect-metadata';
import { validateSync } from 'class-validator';
import { CodedError } from '#kernel';
import { KNOWN_SETTINGS } from './known-settings.js';

export type ConfigErrorCode = 'wrong-configuration';

/** Its message has a sentence for each wrong setting. */
export class ConfigError extends CodedError<ConfigErrorCode> {
  override readonly name = 'ConfigError';

  constructor(readonly sentences: readonly string[]) {
    super('wrong-configuration', sentences.join('\n'));
  }
}

interface SettingOptions {
  /** Turns the variable's text into the property's type; what it cannot turn it returns as it is, for the validator to refuse. */
  readonly read?: (text: string) => unknown;
  /** Never shown, not even when it is wrong. */
  readonly secret?: boolean;
}

interface Setting extends SettingOptions {
  readonly variable: string;
  readonly property: string;
}

const settings = new WeakMap<object, Setting[]>();

/**
 * Says which environment variable a property comes from. A variable that is absent or empty leaves the property's initial value;
 * class-validator's decorators beside it say what is right.
 */
export function FromEnv(variable: string, options: SettingOptions = {}): PropertyDecorator {
  return (prototype, property) => {
    const own = settings.get(prototype) ?? [];
    own.push({ ...options, variable, property: String(property) });
    settings.set(prototype, own);
  };
}

/** For `read`: a whole number. */
export function wholeNumber(text: string): unknown {
  return /^-?[0-9]{1,15}$/.test(text) ? Number(text) : text;
}

/** For `read`: `true` or `false`. */
export function trueOrFalse(text: string): unknown {
  return text === 'true' ? true : text === 'false' ? false : text;
}

/** For `read`: words with commas between them. */
export function commaSeparated(text: string): unknown {
  return text.split(',').map((word) => word.trim());
}

/**
 * A server's settings, read from its environment and checked before anything else happens.
 * @throws ConfigError naming each variable that is wrong, missing, or unknown (most likely a typing error), and why
 */
export function loadConfig<Config extends object>(
  Class: new () => Config,
  env: Readonly<Record<string, string | undefined>>,
): Config {
  const config = new Class();
  const own = settingsOf(Class.prototype as object);
  for (const { variable, property, read } of own) {
    const text = env[variable];
    if (text !== undefined && text !== '') Reflect.set(config, property, read ? read(text) : text);
  }
  const wrong = validateSync(config, { forbidUnknownValues: true }).map(({ property, constraints = {} }) => {
    const setting = own.find((each) => each.property === property);
    const why = [...new Set(Object.values(constraints).map((text) => text.replace(`${property} `, '')))];
    return sentence(setting?.variable ?? property, env, setting?.secret ?? false, why);
  });
  const sentences = [...wrong, ...unknownSettings(own, env)];
  if (sentences.length > 0) throw new ConfigError(sentences);
  return config;
}

/** Each setting's value by its variable, but for the secret ones: for people, and for programs that check a site. */
export function shownSettings(config: object): Readonly<Record<string, unknown>> {
  const shown = settingsOf(Object.getPrototypeOf(config) as object).filter(({ secret }) => secret !== true);
  return Object.fromEntries(shown.map(({ variable, property }) => [variable, Reflect.get(config, property)]));
}

/** The environment variables that a server's settings come from. */
export function variablesOf(Class: new () => object): readonly string[] {
  return settingsOf(Class.prototype as object).map(({ variable }) => variable);
}

function sentence(
  variable: string,
  env: Readonly<Record<string, string | undefined>>,
  secret: boolean,
  why: readonly string[],
): string {
  const text = env[variable];
  const is =
    text === undefined || text === ''
      ? 'is not set'
      : secret
        ? 'is wrong'
        : `is ${JSON.stringify(shown(text))}`;
  return `${variable} ${is}: it ${why.join(', and ')}.`;
}

/** Whoever mistakes a URL for a place for credentials must not find them in the log. */
function shown(text: string): string {
  return text.replace(/\/\/.*@/s, '//…@');
}

/** A setting that nobody reads is one that somebody believes to be in force. */
function unknownSettings(
  own: readonly Setting[],
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const known = new Set([...KNOWN_SETTINGS, ...own.map((setting) => setting.variable)]);
  return Object.keys(env)
    .filter((name) => name.startsWith('HOLDFAST_') && !known.has(name))
    .map((name) => `${name} is no setting of Holdfast: was it mistyped?`);
}

function settingsOf(prototype: object): Setting[] {
  const parent = Object.getPrototypeOf(prototype) as object | null;
  return [...(parent ? settingsOf(parent) : []), ...(settings.get(prototype) ?? [])];
}
