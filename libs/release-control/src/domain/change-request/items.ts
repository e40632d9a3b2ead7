import { MOST_ITEMS } from '#kernel';
import { checkRules } from '../approval-policy/check-rules.js';
import { checkRule, ruleName } from '../membership/rule.js';
import { checkTemplate } from '../template/check-template.js';
import { ReleaseControlError } from '../errors.js';
import { checkExpiry } from './hold-expiry.js';
import type { ChangeItem } from './change-item.js';

/** The shape of a batch for a ring; whether the names exist is for capture to find out, and what they come to is bounded by `captured-changes.ts`. @param now RFC 3339 @throws ReleaseControlError `invalid-items` */
export function checkItems(items: readonly ChangeItem[], ring: string, now: string): void {
  if (items.length === 0) throw invalid('a change request needs at least one item');
  if (items.length > MOST_ITEMS)
    throw invalid(`${items.length} items are too many; at most ${MOST_ITEMS} make one request`);
  const seen = new Set<string>();
  for (const item of items) {
    const said = textOf(item);
    const { words } = said;
    if (words.some((word) => !/^[^\s]{1,255}$/.test(word))) {
      throw invalid(
        `"${words.join(' ')}": a name, channel or version is empty, holds a space, or is too long`,
      );
    }
    if (seen.has(said.key)) throw invalid(`${said.text} stands twice in the request`);
    seen.add(said.key);
    if (item.kind === 'approval-policy') checkRules(item.rules, ring);
    if (item.kind === 'members') checkRule(item.rule);
    if (item.kind === 'template') checkTemplate(item.template, ring, now);
    if (item.kind === undefined && item.expiry) checkExpiry(item.name, item.version, item.expiry, now);
  }
}

interface Said {
  /** What somebody typed. */
  readonly words: readonly string[];
  /** Equal for items that say the same, or the opposite. */
  readonly key: string;
  readonly text: string;
}

function textOf(item: ChangeItem): Said {
  switch (item.kind) {
    case undefined: {
      const { format, name, channel, architecture, version } = item;
      const place = [format, name, channel, ...(architecture === undefined ? [] : [architecture])];
      const words = [...place, ...(version === null ? [] : [version])];
      const key = [...place.slice(0, 3), architecture ?? '', version ?? ''].join(' ');
      return { words, key, text: `${place.slice(1).join(' ')}=${version ?? 'none'}` };
    }
    case 'access':
      return { words: [item.access], key: 'access', text: 'the access policy' };
    case 'publisher-changes':
      return { words: [item.publisherChanges], key: item.kind, text: 'what is done about publishers' };
    case 'approval-policy':
      return { words: [], key: item.kind, text: 'the approval policy' };
    case 'unblock': {
      const { format, name } = item;
      return { words: [format, name], key: `unblock ${format} ${name}`, text: `${name} (unblock)` };
    }
    case 'promotion':
      return { words: [item.from], key: item.kind, text: 'what an earlier ring holds' };
    case 'resume-ring':
      return { words: [], key: item.kind, text: 'the ring (resume)' };
    case 'resume': {
      const { format, name } = item;
      return { words: [format, name], key: `resume ${format} ${name}`, text: `${name} (resume)` };
    }
    case 'members': {
      const name = ruleName(item.rule);
      return { words: [], key: `members ${name}`, text: name };
    }
    case 'template': {
      const { name } = item.template;
      return { words: [], key: `template ${name}`, text: `the template ${name}` };
    }
    case 'deny':
    case 'allow': {
      const { kind, format, name } = item;
      return { words: [format, name], key: `list ${format} ${name}`, text: `${name} (${kind})` };
    }
  }
}

function invalid(message: string): ReleaseControlError {
  return new ReleaseControlError('invalid-items', message);
}
