import { parse } from 'yaml';
import { SiteError } from '#site/domain/errors';

/** Values by key, as `config` lists them: `proxy.domain`. */
export type IncumbentConfig = ReadonlyMap<string, unknown>;

const LARGEST = 1024 * 1024;

/**
 * Reads what `enterprise-store config --export-yaml` (or `snap-proxy`, its old name) wrote. Keys may stand in one line (`proxy.domain: …`) or one
 * below the other.
 * @throws SiteError `not-an-export`; it never shows what the text holds, which is full of secrets
 */
export function readIncumbentConfig(text: string): IncumbentConfig {
  if (text.length > LARGEST)
    throw new SiteError('not-an-export', 'the exported configuration is larger than 1 MiB');
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0, schema: 'core' });
  } catch {
    throw new SiteError('not-an-export', 'the exported configuration is no YAML');
  }
  if (!isMap(value)) throw new SiteError('not-an-export', 'the exported configuration has no keys');
  const config = new Map<string, unknown>();
  flatten(value, '', config);
  if (![...config.keys()].some((key) => key.startsWith('proxy.')))
    throw new SiteError('not-an-export', 'the exported configuration has no key that begins with proxy.');
  return config;
}

function flatten(value: Readonly<Record<string, unknown>>, before: string, into: Map<string, unknown>): void {
  for (const [name, member] of Object.entries(value)) {
    const key = before + name;
    if (isMap(member)) flatten(member, `${key}.`, into);
    else into.set(key, member);
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A key's text; undefined where it is not set: absent, empty, `None`. */
export function textOf(config: IncumbentConfig, key: string): string | undefined {
  const value = config.get(key);
  const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
  return text === '' || text === 'None' ? undefined : text;
}

/** A key's list, which may be written as JSON in a text. */
export function listOf(config: IncumbentConfig, key: string): readonly string[] {
  const value = config.get(key);
  const list = typeof value === 'string' && value.trim().startsWith('[') ? fromJson(value) : value;
  return Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
