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

type Values = Readonly<Record<string, string | undefined>>;

/** A setting that is wrong, or missing. */
export interface WrongSetting {
  readonly variable: string;
  /** Never shown of it: its value. */
  readonly secret: boolean;
  /** As in `must be a port number`. */
  readonly why: string;
}

/**
 * A server's settings, read from its environment and checked before anything else happens.
 * @throws ConfigError naming each variable that is wrong, missing, or unknown (most likely a typing error), and why
 */
export function loadConfig<Config extends object>(Class: new () => Config, env: Values): Config {
  const config = read(Class, env);
  const sentences = [
    ...wrongIn(config).map((wrong) => sentence(wrong, env)),
    ...unknownSettings(settingsOf(Class.prototype as object), env),
  ];
  if (sentences.length > 0) throw new ConfigError(sentences);
  return config;
}

/** What is wrong with these values, by the rules of a class of settings; what it does not know is passed over. */
export function wrongSettings(Class: new () => object, values: Values): readonly WrongSetting[] {
  return wrongIn(read(Class, values));
}

function read<Config extends object>(Class: new () => Config, env: Values): Config {
  const config = new Class();
  for (const { variable, property, read: readText } of settingsOf(Class.prototype as object)) {
    const text = env[variable];
    if (text !== undefined && text !== '') Reflect.set(config, property, readText ? readText(text) : text);
  }
  return config;
}

function wrongIn(config: object): WrongSetting[] {
  const own = settingsOf(Object.getPrototypeOf(config) as object);
  return validateSync(config, { forbidUnknownValues: true }).map(({ property, constraints = {} }) => {
    const setting = own.find((each) => each.property === property);
    const why = [...new Set(Object.values(constraints).map((text) => text.replace(`${property} `, '')))];
    return {
      variable: setting?.variable ?? property,
      secret: setting?.secret ?? false,
      why: why.join(', and '),
    };
  });
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

function sentence({ variable, secret, why }: WrongSetting, env: Values): string {
  const text = env[variable];
  const is =
    text === undefined || text === ''
      ? 'is not set'
      : secret
        ? 'is wrong'
        : `is ${JSON.stringify(withoutCredentials(text))}`;
  return `${variable} ${is}: it ${why}.`;
}

/** Whoever mistakes a URL for a place for credentials must not find them in the log. */
export function withoutCredentials(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@');
}

/** A setting that nobody reads is one that somebody believes to be in force. */
function unknownSettings(own: readonly Setting[], env: Values): string[] {
  const known = new Set([...KNOWN_SETTINGS, ...own.map((setting) => setting.variable)]);
  return Object.keys(env)
    .filter((name) => name.startsWith('HOLDFAST_') && !known.has(name))
    .map((name) => `${name} is no setting of Holdfast: was it mistyped?`);
}

function settingsOf(prototype: object): Setting[] {
  const parent = Object.getPrototypeOf(prototype) as object | null;
  return [...(parent ? settingsOf(parent) : []), ...(settings.get(prototype) ?? [])];
}
