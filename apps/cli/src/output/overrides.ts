import type { Decided, OverrideRow, StoreOverride } from '../api/types.js';

/** `latest/stable` is called `stable`, as the Enterprise Store's commands print it. */
export function shortChannel(channel: string): string {
  return channel.replace(/^latest\//, '');
}

/** `1722 (upstream 1705)`, as the Enterprise Store's `list-overrides` shows it where upstream's is known. */
export function revisionCell({
  revision,
  upstreamRevision,
}: Pick<OverrideRow, 'revision' | 'upstreamRevision'>): string {
  return upstreamRevision === null ? String(revision) : `${revision} (upstream ${upstreamRevision})`;
}

/** The line that the Enterprise Store's `override` prints: `core18 stable amd64 1722`. */
export function inForceLine({ name, channel, architecture, revision }: OverrideRow): string {
  return `${name} ${shortChannel(channel)} ${architecture} ${revision}`;
}

/** The line that its `list-overrides` prints: `core18 stable amd64 1722 (upstream 1705)`. */
export function listedLine(row: OverrideRow): string {
  return `${row.name} ${shortChannel(row.channel)} ${row.architecture} ${revisionCell(row)}`;
}

/** The lines that its `override` and `delete-override` print: `core18 stable amd64 1722`, `core18 stable amd64 is tracking upstream (revision 1705)`. */
export function storeLine(row: StoreOverride): string {
  const place = [row.snap_name, row.channel, row.architecture].filter((word) => word !== '').join(' ');
  if (row.revision !== null) return `${place} ${row.revision}`;
  const upstream = row.upstream_revision === null ? '' : ` (revision ${row.upstream_revision})`;
  return `${place} is tracking upstream${upstream}`;
}

/** `1722`, or `upstream (1705)` where upstream decides. */
export function decidedText({ by, revision }: Decided): string {
  if (by === 'override') return String(revision);
  return revision === null ? 'upstream' : `upstream (${revision})`;
}
