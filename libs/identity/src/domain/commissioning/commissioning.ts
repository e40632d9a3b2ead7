import type { CommandContext, Decider, DomainEvent, JsonObject } from '#kernel';
import { requireAdmin, requireReason } from '../authority.js';
import { IdentityError } from '../errors.js';

/** Written by the host at first start; nothing in it matters here. */
type SiteFounded = DomainEvent<'SiteFounded', JsonObject>;
export type CommissioningClosed = DomainEvent<'CommissioningClosed', Record<string, never>>;

export interface CloseCommissioning {
  readonly type: 'CloseCommissioning';
  readonly context: CommandContext;
}

/** Open from the first start until an admin closes it, for good. */
export type Commissioning = 'open' | 'closed';

export const SITE_STREAM = 'site';

export const commissioning: Decider<CloseCommissioning, SiteFounded | CommissioningClosed, Commissioning> & {
  readonly versions: { SiteFounded: 1; CommissioningClosed: 1 };
} = {
  initialState: 'open',
  versions: { SiteFounded: 1, CommissioningClosed: 1 },
  decide({ context }, state) {
    requireReason(context);
    requireAdmin(context);
    if (state === 'closed') {
      throw new IdentityError('commissioning-already-closed', 'commissioning was closed before');
    }
    return [{ type: 'CommissioningClosed', data: {} }];
  },
  evolve(state, event) {
    switch (event.type) {
      case 'SiteFounded':
        return state;
      case 'CommissioningClosed':
        return 'closed';
    }
  },
};
