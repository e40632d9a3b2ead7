import type { Access, Listing, PublisherChanges } from '../../access.js';
import type { ReleaseTarget, Subject } from '../../release-target.js';
import type { ApprovalRules } from '../approval-policy/approval-policy.js';
import type { MembershipRule } from '../membership/rule.js';
import type { Template } from '../template/template.js';
import type { Halt } from '../release-policy/events.js';
import type { Choice } from './events.js';

/** Something that is no longer as it was when the change was approved. */
export type Mismatch =
  | {
      readonly kind?: undefined;
      readonly target: ReleaseTarget;
      readonly expected: Choice | null;
      readonly found: Choice | null;
    }
  | { readonly kind: 'access'; readonly expected: Access; readonly found: Access }
  | ({
      readonly kind: 'listing';
      readonly name: string;
      readonly expected: Listing | null;
      readonly found: Listing | null;
    } & Subject)
  | {
      readonly kind: 'publisher-changes';
      readonly expected: PublisherChanges;
      readonly found: PublisherChanges;
    }
  | ({
      readonly kind: 'block';
      readonly name: string;
      readonly expected: 'blocked';
      readonly found: null;
    } & Subject)
  | {
      readonly kind: 'approval-policy';
      readonly expected: ApprovalRules;
      readonly found: ApprovalRules;
    }
  | {
      readonly kind: 'ring-halt';
      readonly expected: readonly Halt[];
      readonly found: readonly Halt[];
    }
  | ({
      readonly kind: 'halt';
      readonly name: string;
      readonly expected: readonly Halt[];
      readonly found: readonly Halt[];
    } & Subject)
  | {
      readonly kind: 'members';
      readonly name: string;
      readonly expected: MembershipRule | null;
      readonly found: MembershipRule | null;
    }
  | {
      readonly kind: 'template';
      readonly name: string;
      readonly expected: Template | null;
      readonly found: Template | null;
    };
