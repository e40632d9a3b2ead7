import type { CommandContext, Decider, DomainEvent } from '#kernel';

/** A sealed state: what a checkpoint says. */
export type SealedState = {
  /** Decimal. */
  readonly size: string;
  /** Base64. */
  readonly root: string;
};

export type SiteRestored = DomainEvent<
  'SiteRestored',
  {
    /** The backup's id. */
    readonly backup: string;
    /** How many events were restored; decimal. */
    readonly events: string;
    readonly checkpoint: SealedState;
  }
>;

/** A later state than was restored is known to have been: what came behind is lost, and positions are given out a second time. */
export type RollbackAcknowledged = DomainEvent<
  'RollbackAcknowledged',
  { readonly restored: string; readonly lost: SealedState }
>;

export interface RecordRestoration {
  readonly type: 'RecordRestoration';
  readonly context: CommandContext;
  readonly restored: SiteRestored['data'];
  /** The later state, where one was shown; the command's reason is why it is given up. */
  readonly lost: SealedState | null;
}

/** Each restoration is a stream of its own, so that one that was interrupted records itself once. */
export function restorationStream(id: string): string {
  return `restoration/${id}`;
}

export const restoration: Decider<
  RecordRestoration,
  SiteRestored | RollbackAcknowledged,
  'unknown' | 'recorded'
> & { readonly versions: { SiteRestored: 1; RollbackAcknowledged: 1 } } = {
  initialState: 'unknown',
  versions: { SiteRestored: 1, RollbackAcknowledged: 1 },
  decide({ restored, lost }, state) {
    if (state === 'recorded') return [];
    const events: (SiteRestored | RollbackAcknowledged)[] = [{ type: 'SiteRestored', data: restored }];
    if (lost) events.push({ type: 'RollbackAcknowledged', data: { restored: restored.events, lost } });
    return events;
  },
  evolve() {
    return 'recorded';
  },
};
