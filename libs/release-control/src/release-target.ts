/** What an override is for. For a snap the subject is the snap-id, since names get transferred; channel is `track/risk[/branch]`. */
export interface ReleaseTarget {
  /** The format's word, opaque here: `snap`. */
  readonly format: string;
  readonly subject: string;
  readonly channel: string;
  readonly architecture: string;
}

/** One string per target, for maps and for a stable order. No part may hold a space: formats' words and snapd's names never do. */
export function targetKey(target: ReleaseTarget): string {
  return [target.format, target.subject, target.channel, target.architecture].join(' ');
}
