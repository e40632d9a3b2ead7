import type { ApprovalRules } from './approval-types.js';
import type { HoldEnd } from './hold-types.js';
import type { MembershipRule } from './members-types.js';
import type { Template } from './template-types.js';

/** An item as the record keeps it. */
export type AskedItem =
  | {
      readonly kind?: undefined;
      readonly name: string;
      readonly channel: string;
      readonly architecture?: string;
      readonly version: string | null;
      readonly expiry?: HoldEnd;
    }
  | { readonly kind: 'access'; readonly access: string }
  | { readonly kind: 'deny' | 'allow'; readonly name: string; readonly listed: boolean }
  | { readonly kind: 'publisher-changes'; readonly publisherChanges: string }
  | { readonly kind: 'unblock' | 'resume'; readonly name: string }
  | { readonly kind: 'resume-ring' }
  | { readonly kind: 'promotion'; readonly from: string }
  | { readonly kind: 'approval-policy'; readonly rules: ApprovalRules }
  | { readonly kind: 'members'; readonly rule: MembershipRule; readonly members: boolean }
  | { readonly kind: 'template'; readonly template: Template };
