/** What is released, and what a ring denies or allows as a whole: for a snap its snap-id, since names get transferred. */
export interface Subject {
  /** The format's word, opaque here: `snap`. */
  readonly format: string;
  readonly subject: string;
}

/** What an override is for. Channel is `track/risk[/branch]`. */
export interface ReleaseTarget extends Subject {
  readonly channel: string;
  readonly architecture: string;
}

/** One string per target, for maps and for a stable order. No part may hold a space: formats' words and snapd's names never do. */
export function targetKey(target: ReleaseTarget): string {
  return [target.format, target.subject, target.channel, target.architecture].join(' ');
}

/** As {@link targetKey}, of a subject. */
export function subjectKey({ format, subject }: Subject): string {
  return [format, subject].join(' ');
}
