import type { MembershipRule } from '../api/members-types.js';
import type { AskedItem } from '../api/asked-item.js';
import { rulesText } from '../policy/approval-rules.js';
import { templateText } from '../policy/template-text.js';
import { endText } from './choice.js';
import { shortChannel } from './overrides.js';

/** What was asked for, in the author's words. */
export function itemText(item: AskedItem): string {
  switch (item.kind) {
    case undefined:
      return `${[item.name, shortChannel(item.channel), item.architecture].filter(Boolean).join(' ')}=${item.version ?? 'upstream'}${item.expiry ? ` ${endText(item.expiry)}` : ''}`;
    case 'access':
      return `access ${item.access}`;
    case 'publisher-changes':
      return `publisher-changes ${item.publisherChanges}`;
    case 'approval-policy':
      return `approval-policy ${rulesText(item.rules)}`;
    case 'unblock':
      return `${item.name} not blocked any more`;
    case 'resume':
      return `${item.name} not halted any more`;
    case 'promotion':
      return `what ring ${item.from} holds`;
    case 'resume-ring':
      return 'the ring not halted any more';
    case 'template':
      return `template ${item.template.name}: ${templateText(item.template)}`;
    case 'members':
      return `${ruleText(item.rule)} ${item.members ? 'members' : 'members no longer'}`;
    case 'deny':
    case 'allow':
      return `${item.name} ${item.listed ? 'on' : 'off'} the ${item.kind} list`;
  }
}

/** A rule of membership as people read it: all of what is signed. */
export function ruleText({
  of,
  brand,
  model,
  serial,
  list,
  version,
  count,
  digest,
  network,
  host,
}: MembershipRule): string {
  const whom = [brand, model, serial].filter((word) => word !== undefined).join('/');
  const pinned =
    version === undefined ? '' : ` version ${version} (${count ?? 0} devices, sha256:${digest ?? ''})`;
  const narrowed = `${network === undefined ? '' : ` in ${network}`}${host === undefined ? '' : ` at ${host}`}`;
  return `${of} ${of === 'list' ? (list ?? '') : whom}${pinned}${narrowed}`;
}
