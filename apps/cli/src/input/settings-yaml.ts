import { parse, stringify } from 'yaml';
import { CliError } from '../cli-error.js';

const LARGEST_BYTES = 1024 * 1024;

/**
 * Settings by key, as `config --export-yaml` writes them, ours or the Snap Store Proxy's: keys in one line (`proxy.domain: …`) or one below the other.
 * A list is JSON, as the Snap Store Proxy has it; what is not set (empty, `None`) is left out.
 * @throws CliError `usage`; it never shows what the text holds, which may be secret
 */
export function readSettingsYaml(text: string): ReadonlyMap<string, string> {
  if (Buffer.byteLength(text) > LARGEST_BYTES) throw unreadable('it is larger than 1 MiB');
  let value: unknown;
  try {
    // Failsafe: each scalar is the text that stands there.
    value = parse(text, { schema: 'failsafe', maxAliasCount: 0, logLevel: 'error' });
  } catch {
    throw unreadable('it is no YAML');
  }
  if (!isMap(value)) throw unreadable('it has no keys');
  const settings = new Map<string, string>();
  flatten(value, '', settings);
  return settings;
}

export function writeSettingsYaml(settings: ReadonlyMap<string, string>): string {
  return settings.size === 0 ? '{}\n' : stringify(Object.fromEntries(settings), { lineWidth: 0 });
}

function flatten(value: Readonly<Record<string, unknown>>, before: string, into: Map<string, string>): void {
  for (const [name, member] of Object.entries(value)) {
    const key = before + name;
    if (isMap(member)) flatten(member, `${key}.`, into);
    else if (typeof member === 'string') {
      if (!['', 'None', 'null', '~'].includes(member.trim())) into.set(key, member);
    } else if (Array.isArray(member) && member.length > 0) into.set(key, JSON.stringify(member));
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(why: string): CliError {
  return new CliError('usage', `standard input holds no exported settings: ${why}`);
}
