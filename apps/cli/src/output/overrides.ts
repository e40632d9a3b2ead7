import type { OverrideRow } from '../api/types.js';

/** `latest/stable` is called `stable`, as the Enterprise Store's commands print it. */
export function shortChannel(channel: string): string {
  return channel.replace(/^latest\//, '');
}

/** The lines that the Enterprise Store's `override` prints: `core18 stable amd64 1722`, or what is tracking upstream. */
export function inForceLine({ name, channel, architecture, revision }: OverrideRow): string {
  const target = [name, shortChannel(channel), architecture].filter(Boolean).join(' ');
  return revision === null || revision === undefined
    ? `${target} is tracking upstream`
    : `${target} ${revision}`;
}
