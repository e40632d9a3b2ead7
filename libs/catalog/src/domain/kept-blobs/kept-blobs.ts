import type { CommandContext, Decider, DomainEvent } from '#kernel';

/** What became of what is kept: only what is out of order is here, since every capture has its own record. */
export const KEPT_BLOBS_STREAM = 'kept-blobs';

export type Damage = {
  /** SHA-256: what the content should have. */
  readonly digest: string;
  /** Bytes, as found, in decimal; absent when it could not be read, or was quarantined before anybody could look. */
  readonly size?: string;
  /** A sentence. */
  readonly why: string;
};

export type KeptBlobDamaged = DomainEvent<'KeptBlobDamaged', Damage>;
/** What was damaged is whole again: it was captured or copied once more. */
export type KeptBlobRestored = DomainEvent<'KeptBlobRestored', { readonly digest: string }>;
export type KeptBlobsEvent = KeptBlobDamaged | KeptBlobRestored;

export interface ReportDamage {
  readonly type: 'ReportDamage';
  readonly damage: Damage;
  readonly context: CommandContext;
}

export interface ReportRestored {
  readonly type: 'ReportRestored';
  readonly digest: string;
  readonly context: CommandContext;
}

export interface KeptBlobs {
  /** Digests that are damaged now, as far as is known. */
  readonly damaged: ReadonlySet<string>;
}

/** A blob is found damaged once, however often it is looked at, until it was whole again. */
export const keptBlobs: Decider<ReportDamage | ReportRestored, KeptBlobsEvent, KeptBlobs> & {
  readonly versions: { KeptBlobDamaged: 1; KeptBlobRestored: 1 };
} = {
  initialState: { damaged: new Set() },
  versions: { KeptBlobDamaged: 1, KeptBlobRestored: 1 },
  decide(command, { damaged }) {
    switch (command.type) {
      case 'ReportDamage':
        if (damaged.has(command.damage.digest)) return [];
        return [{ type: 'KeptBlobDamaged', data: command.damage }];
      case 'ReportRestored':
        if (!damaged.has(command.digest)) return [];
        return [{ type: 'KeptBlobRestored', data: { digest: command.digest } }];
    }
  },
  evolve({ damaged }, event) {
    const now = new Set(damaged);
    switch (event.type) {
      case 'KeptBlobDamaged':
        now.add(event.data.digest);
        return { damaged: now };
      case 'KeptBlobRestored':
        now.delete(event.data.digest);
        return { damaged: now };
    }
  },
};
