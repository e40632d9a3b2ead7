import type { OverrideRow } from '../api/types.js';

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
