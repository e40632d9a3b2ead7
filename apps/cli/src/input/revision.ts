import { CliError } from '../cli-error.js';

/** A snap, by name or id, and a revision: `core18=1705`. @throws CliError `usage` */
export function parseRevision(asked: string): { readonly snap: string; readonly revision: number } {
  const [, snap, revision] = /^([A-Za-z0-9-]{1,40})=([1-9][0-9]{0,9})$/.exec(asked) ?? [];
  if (snap === undefined)
    throw new CliError('usage', `"${asked}" is no snap with a revision, such as core18=1705`);
  return { snap, revision: Number(revision) };
}
