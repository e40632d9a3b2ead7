import type { CommandContext, Decider, DomainEvent, JsonObject, SigningRules } from '#kernel';
import { requireAdmin, requireReason } from '../authority.js';
import { IdentityError } from '../errors.js';

/** Written by the host at first start; nothing in it matters here. */
type SiteFounded = DomainEvent<'SiteFounded', JsonObject>;
export type CommissioningClosed = DomainEvent<
  'CommissioningClosed',
  {
    /** What the site asks of those who sign, as it is closed: whether a second component is asked of everybody (R22). Older events do not say it. */
    readonly rules?: SigningRules;
  }
>;

export interface CloseCommissioning {
  readonly type: 'CloseCommissioning';
  /** How many people can act as admins now: a site whose only admin forgets the password has none. */
  readonly admins: number;
  readonly rules: SigningRules;
  readonly context: CommandContext;
}

/** Granting, and later recovery, take a second one. */
export const FEWEST_ADMINS = 2;

/** Open from the first start until an admin closes it, for good. */
export type Commissioning = 'open' | 'closed';

export const SITE_STREAM = 'site';

export const commissioning: Decider<CloseCommissioning, SiteFounded | CommissioningClosed, Commissioning> & {
  readonly versions: { SiteFounded: 1; CommissioningClosed: 1 };
} = {
  initialState: 'open',
  versions: { SiteFounded: 1, CommissioningClosed: 1 },
  decide({ admins, rules, context }, state) {
    requireReason(context);
    requireAdmin(context);
    if (state === 'closed') {
      throw new IdentityError('commissioning-already-closed', 'commissioning was closed before');
    }
    if (admins < FEWEST_ADMINS) {
      throw new IdentityError(
        'too-few-admins',
        `${admins} of the people with a password can act as admin, it takes ${FEWEST_ADMINS}: enrol another one first`,
      );
    }
    return [{ type: 'CommissioningClosed', data: { rules } }];
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
