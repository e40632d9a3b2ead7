import type { CommandContext, Decider, DomainEvent } from '#kernel';
import { SiteError } from './errors.js';

/** The stream that the site's whole history begins with. Identity closes commissioning in it. */
export const SITE_STREAM = 'site';

/** What a site is known by, for good: its origin (the log's name) and the public keys, as C2SP vkeys. */
export type SiteIdentity = {
  readonly origin: string;
  readonly ledgerKey: string;
  readonly policyKey: string;
};

export type SiteFounded = DomainEvent<'SiteFounded', SiteIdentity>;
/** Nothing in it matters here. */
export type CommissioningClosed = DomainEvent<'CommissioningClosed', object>;

export interface FoundSite {
  readonly type: 'FoundSite';
  readonly context: CommandContext;
  readonly identity: SiteIdentity;
}

/** null before the site is founded. */
export type Site = SiteIdentity | null;

/** Founding again with the same identity changes nothing; with another one it is refused: keys or database are another site's. */
export const site: Decider<FoundSite, SiteFounded | CommissioningClosed, Site> & {
  readonly versions: { SiteFounded: 1; CommissioningClosed: 1 };
} = {
  initialState: null,
  versions: { SiteFounded: 1, CommissioningClosed: 1 },
  decide({ identity }, state) {
    if (state === null) return [{ type: 'SiteFounded', data: identity }];
    requireSame('origin', 'origin', state, identity);
    requireSame('ledgerKey', 'ledger key', state, identity);
    requireSame('policyKey', 'policy key', state, identity);
    return [];
  },
  evolve(state, event) {
    switch (event.type) {
      case 'SiteFounded':
        return event.data;
      case 'CommissioningClosed':
        return state;
    }
  },
};

function requireSame(
  member: keyof SiteIdentity,
  name: string,
  founded: SiteIdentity,
  given: SiteIdentity,
): void {
  if (founded[member] === given[member]) return;
  throw new SiteError(
    'founded-otherwise',
    `the site in this database was founded with the ${name} ${founded[member]}, and not with ${given[member]}: this home belongs to another site`,
  );
}
