import type { PolicyDocument, PolicySubject } from '#release-control/published';

/**
 * Why a ring's devices do not get something: the ring or the snap is halted, the snap is denied in it, or blocked for its publisher's doings, or the ring
 * is gated, and this was not approved for it.
 */
export const REFUSAL_REASONS = ['halted', 'denied', 'blocked', 'not-approved'] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Which snaps a ring's devices may have at all, and of which upstream's answer passes. By snap-id: a name says only whom to ask. */
export class RingAccess {
  static readonly open = new RingAccess({ access: 'open' });
  static readonly gated = new RingAccess({ access: 'gated' });

  readonly isGated: boolean;
  /** Then every snap is denied. */
  private readonly isHalted: boolean;
  /** Why each of them is, by snap-id and by the name that it was listed by. */
  private readonly denied: ReadonlyMap<string, RefusalReason>;
  private readonly deniedNames: ReadonlyMap<string, RefusalReason>;
  private readonly allowed: ReadonlySet<string>;
  private readonly allowedNames: ReadonlySet<string>;

  constructor({
    access,
    denied = [],
    allowed = [],
    blocked = [],
    ringHalted = false,
    halted = [],
  }: Pick<PolicyDocument, 'access' | 'denied' | 'allowed' | 'blocked' | 'ringHalted' | 'halted'>) {
    this.isGated = access === 'gated';
    this.isHalted = ringHalted;
    const kept = [
      ...snaps(blocked).map((snap) => ({ ...snap, reason: 'blocked' as const })),
      ...snaps(denied).map((snap) => ({ ...snap, reason: 'denied' as const })),
      ...snaps(halted).map((snap) => ({ ...snap, reason: 'halted' as const })),
    ];
    this.denied = new Map(kept.map(({ subject, reason }) => [subject, reason]));
    this.deniedNames = new Map(kept.map(({ name, reason }) => [name, reason]));
    this.allowed = new Set(snaps(allowed).map(({ subject }) => subject));
    this.allowedNames = new Set(snaps(allowed).map(({ name }) => name));
  }

  /** Halted, denied or blocked. @param snapId undefined where it is not known: then it may be one of these, if there are any */
  denies(snapId: string | undefined): boolean {
    if (this.isHalted) return true;
    return snapId === undefined ? this.denied.size > 0 : this.denied.has(snapId);
  }

  /** Whether what upstream says of a snap is the ring's answer where nothing is held. @param snapId as for {@link denies} */
  passes(snapId: string | undefined): boolean {
    if (this.denies(snapId)) return false;
    return !this.isGated || (snapId !== undefined && this.allowed.has(snapId));
  }

  /** Why what upstream says of a snap is not the ring's answer. @param name what the snap was asked for by, when its id is not known */
  reason(snapId: string | undefined, name?: string): RefusalReason {
    if (this.isHalted) return 'halted';
    const denied = snapId === undefined ? this.deniedNames.get(name ?? '') : this.denied.get(snapId);
    return denied ?? 'not-approved';
  }

  /** Whether upstream is to be asked what a name means. What it answers is judged by its snap-id. */
  mayAsk(name: string): boolean {
    return !this.isHalted && (!this.isGated || this.allowedNames.has(name));
  }

  /** Whether a list of names has this one. */
  showsName(name: string): boolean {
    return this.mayAsk(name) && !this.deniesNamed(name);
  }

  /** Whether a snap was denied under this name: that it is the same snap still, only upstream knows. */
  deniesNamed(name: string): boolean {
    return this.isHalted || this.deniedNames.has(name);
  }

  /** Whether upstream's answer passes for any snap at all. */
  get passesSome(): boolean {
    return !this.isHalted && (!this.isGated || this.allowed.size > 0);
  }

  /** Whether upstream's answer passes for every snap. */
  get passesAll(): boolean {
    return !this.isHalted && !this.isGated && this.denied.size === 0;
  }
}

function snaps(list: readonly PolicySubject[]): readonly PolicySubject[] {
  return list.filter(({ format }) => format === 'snap');
}
