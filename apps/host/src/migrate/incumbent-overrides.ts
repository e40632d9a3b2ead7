import { parseChannel } from '#snap';
import { SiteError } from '#site/domain/errors';

/** As the incumbent's `POST /v2/metadata/overrides` takes them, and ours. */
export interface IncumbentOverride {
  readonly snap_name: string;
  readonly revision: number;
  readonly channel: string;
  readonly series: '16';
}

const NAME = /^[a-z0-9-]{1,40}$/;
const LARGEST_REVISION = 2 ** 31 - 1;

/**
 * Reads overrides as the incumbent lists them: answers of `GET /v2/metadata/overrides/NAME` (JSON, one after the other in an array, or
 * one), or lines of `list-overrides NAME`: `core18 stable amd64 1722 (upstream 1705)`. The architecture is left out: a revision has its own.
 * @throws SiteError `not-an-export`, naming the line or the item
 */
export function readIncumbentOverrides(text: string): readonly IncumbentOverride[] {
  const trimmed = text.trim();
  const found = /^[[{]/.test(trimmed) ? fromJson(trimmed) : fromLines(trimmed);
  const unique = new Map(found.map((each) => [`${each.snap_name} ${each.channel} ${each.revision}`, each]));
  return [...unique.values()];
}

function fromLines(text: string): IncumbentOverride[] {
  return text
    .split('\n')
    .map((line, i) => ({ words: line.trim().split(/\s+/), where: `line ${i + 1}` }))
    .filter(({ words }) => words[0] !== '')
    .map(({ words: [name, channel, , revision], where }) => override(name, channel, Number(revision), where));
}

function fromJson(text: string): IncumbentOverride[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SiteError('not-an-export', 'the overrides begin like JSON and are none');
  }
  const answers = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  const items = answers.flatMap((answer) => {
    const { overrides } = record(answer);
    return Array.isArray(overrides) ? (overrides as readonly unknown[]) : [answer];
  });
  return items.map((item, i) => {
    const { snap_name: name, channel, revision } = record(item);
    return override(name, channel, revision, `item ${i + 1}`);
  });
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function override(name: unknown, channel: unknown, revision: unknown, where: string): IncumbentOverride {
  const wrong = (what: string): SiteError =>
    new SiteError('not-an-export', `the overrides' ${where} has no ${what}`);
  if (typeof name !== 'string' || !NAME.test(name)) throw wrong('name of a snap');
  if (typeof channel !== 'string' || !isChannel(channel)) throw wrong('channel');
  if (
    typeof revision !== 'number' ||
    !Number.isInteger(revision) ||
    revision < 1 ||
    revision > LARGEST_REVISION
  )
    throw wrong('revision');
  return { snap_name: name, revision, channel, series: '16' };
}

function isChannel(text: string): boolean {
  try {
    parseChannel(text);
    return true;
  } catch {
    return false;
  }
}
