import { MOST_ITEMS } from '#kernel';
import { parseChannel, SnapError } from '#snap';
import { HttpError, type FieldError } from '#platform/http/errors';
import type { OverrideItem } from '../domain/change-request/change-item.js';

/** The only series that there ever was. */
export const SERIES = '16';

const MEMBERS = ['snap_name', 'revision', 'channel', 'series'];
const HIGHEST_REVISION = 2 ** 31 - 1;

/**
 * The body of the Snap Store Proxy's `POST /v2/metadata/overrides`: a list of `{snap_name, revision, channel, series}`, all four in each, nothing
 * else; a revision of null deletes.
 *
 * @throws HttpError `invalid-request`, naming each member that is wrong
 */
export function askedOverrides(body: unknown): readonly OverrideItem[] {
  if (!Array.isArray(body) || body.length === 0) {
    throw invalid([{ pointer: '', detail: 'must be a list of at least one override' }]);
  }
  if (body.length > MOST_ITEMS) {
    const detail = `${body.length} overrides are too many; at most ${MOST_ITEMS} make one request`;
    throw invalid([{ pointer: '', detail }]);
  }
  const errors = body.flatMap((item: unknown, i) => wrongIn(item, `/${i}`));
  if (errors.length > 0) throw invalid(errors);
  return (body as readonly AskedOverride[]).map(({ snap_name: name, revision, channel }) => {
    return { format: 'snap', name, channel, version: revision === null ? null : String(revision) };
  });
}

interface AskedOverride {
  readonly snap_name: string;
  readonly revision: number | null;
  readonly channel: string;
}

function wrongIn(item: unknown, pointer: string): FieldError[] {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return [{ pointer, detail: 'must be an object' }];
  }
  const { snap_name: name, revision, channel, series } = item as Record<string, unknown>;
  const wrong = (member: string, detail: string) => ({ pointer: `${pointer}/${member}`, detail });
  const unknown = Object.keys(item).filter((member) => !MEMBERS.includes(member));
  return [
    ...unknown.map((member) => wrong(member.replaceAll('~', '~0').replaceAll('/', '~1'), 'is not known')),
    ...(isName(name)
      ? []
      : [wrong('snap_name', 'must be the name of a snap: small letters, digits and "-"')]),
    ...(isRevision(revision) ? [] : [wrong('revision', 'must be a whole number from 1, or null to delete')]),
    ...(isChannel(channel) ? [] : [wrong('channel', 'must be a channel: [track/]risk[/branch]')]),
    ...(series === SERIES ? [] : [wrong('series', `must be "${SERIES}"`)]),
  ];
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && /^[a-z0-9-]{1,40}$/.test(name);
}

function isRevision(revision: unknown): boolean {
  if (revision === null) return true;
  return Number.isInteger(revision) && Number(revision) >= 1 && Number(revision) <= HIGHEST_REVISION;
}

function isChannel(channel: unknown): boolean {
  if (typeof channel !== 'string' || channel.length > 128) return false;
  try {
    return parseChannel(channel).risk !== undefined;
  } catch (error) {
    if (error instanceof SnapError) return false;
    throw error;
  }
}

function invalid(errors: readonly FieldError[]): HttpError {
  const [first] = errors;
  return new HttpError('invalid-request', `${first?.pointer ?? ''} ${first?.detail ?? ''}`.trim(), errors);
}
