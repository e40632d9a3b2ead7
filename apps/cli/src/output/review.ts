import type { DueReview, ReviewListed, ReviewView } from '../api/review-types.js';
import { deviationsOfReview } from './deviations.js';
import { actorText, reasonText } from './reason.js';
import { fields, table } from './table.js';

type Content = ReviewView['record']['content'];
type AccessLine = Extract<Content, { kind: 'access' }>['lines'][number];
type TrailLine = Extract<Content, { kind: 'trail' }>['lines'][number];
type Finding = ReviewView['record']['findings'][number];

/** What a signature is bound to, whole, then what became of its deviations, who signed and what is still needed. */
export function reviewText(view: ReviewView, digest: string): string {
  return [recordText(view, digest), deviationsOfReview(view), signaturesText(view)]
    .filter((text) => text !== '')
    .join('\n');
}

/** The record that is signed: what was looked at, and what reviewers say of it. */
export function recordText({ record, meaning, stillHeld }: ReviewView, digest: string): string {
  const { id, openedBy, openedAt, reason, nextDue, content, findings } = record;
  const facts = fields([
    ['Review', id],
    ['Of', content.kind],
    ...scopeFields(content),
    ['Opened by', `${openedBy.name}, ${openedAt}`],
    ['Reason', reasonText(reason)],
    ['Next due', nextDue],
    ['Meaning', meaning],
    ['Digest', `sha256:${digest}`],
  ]);
  const found = findings.length === 0 ? [] : [findingsTable(findings)];
  return [facts, linesText(record, stillHeld), ...found].join('\n');
}

/** What it is about, by name. */
export function scopeFields(content: Content): (readonly [string, string])[] {
  const follows = ['Follows from', `the first ${content.scope.size} events of the trail`] as const;
  switch (content.kind) {
    case 'access':
      return [['As of', content.scope.asOf], follows];
    case 'periodic':
      return [
        ['Period', `${content.scope.from} to ${content.scope.to}, ${content.scope.events} events`],
        follows,
      ];
    case 'trail':
      return [
        ['Positions', `${content.scope.from} to ${content.scope.to}, without the last`],
        ['Digest of them', `sha256:${content.scope.digest}`],
        follows,
      ];
  }
}

function linesText({ content, decisions }: ReviewView['record'], stillHeld: readonly number[]): string {
  switch (content.kind) {
    case 'access': {
      const rows = content.lines.map((line, i) => ({ line, number: i + 1 }));
      const decided = new Map(decisions.map((each) => [each.line, each]));
      return table(rows, [
        { header: 'Line', cell: ({ number }) => number },
        { header: 'Login', cell: ({ line }) => line.login },
        { header: 'Name', cell: ({ line }) => line.name },
        { header: 'Right', cell: ({ line }) => rightText(line) },
        { header: 'Ring', cell: ({ line }) => ringText(line) },
        { header: 'Decision', cell: ({ number }) => decided.get(number)?.decision },
        { header: 'By', cell: ({ number }) => decided.get(number)?.by.name },
        { header: 'Comment', cell: ({ number }) => decided.get(number)?.comment },
        { header: 'Now', cell: ({ number }) => (stillHeld.includes(number) ? 'still there' : null) },
      ]);
    }
    case 'periodic':
      return table(content.lines, [
        { header: 'Section', cell: ({ section }) => section },
        { header: 'Position', cell: ({ position }) => position },
        { header: 'At', cell: ({ at }) => at },
        { header: 'Event', cell: ({ type }) => type },
        { header: 'About', cell: ({ about }) => about },
        { header: 'By', cell: ({ by }) => by },
        { header: 'What', cell: ({ text }) => text },
      ]);
    case 'trail':
      return table(content.lines, [
        { header: 'What', cell: trailLineText },
        { header: 'Events', cell: ({ events }) => events },
      ]);
  }
}

/** What a line of a review of the trail counts the events of. */
export function trailLineText(line: TrailLine): string {
  switch (line.of) {
    case 'type':
      return line.type;
    case 'actor':
      return `acted: ${line.name}`;
    case 'change':
      return `change: ${line.changeRequest}, up to event ${line.through} of it`;
  }
}

/** A role, a token, or an account that may do nothing. */
export function rightText(line: AccessLine): string {
  return line.of === 'token'
    ? `token ${line.token}, until ${line.expiresAt.slice(0, 10)}`
    : (line.role ?? 'account without a role');
}

export function ringText(line: AccessLine): string | null {
  if (line.of === 'token') return line.rings.join(', ');
  return line.role === null ? null : (line.ring ?? 'every');
}

/** A finding in words, without who said it. */
export function findingText(finding: Finding): string {
  const { text, position, ticket, due, passed, entries, root } = finding;
  return [
    text,
    ...(position === undefined ? [] : [`position ${position}`]),
    ...(ticket === undefined ? [] : [ticket]),
    ...(due === undefined ? [] : [`due ${due}`]),
    ...(passed === undefined
      ? []
      : [passed ? `PASS: ${entries} entries, root ${root}` : 'FAIL: the history did not hold']),
  ].join('; ');
}

function findingsTable(findings: readonly Finding[]): string {
  return table(findings, [
    { header: 'Finding', cell: ({ kind }) => kind },
    { header: 'By', cell: ({ by }) => by.name },
    { header: 'At', cell: ({ at }) => at },
    { header: 'What', cell: findingText },
  ]);
}

/** Each signature with name, time and meaning (R17); one that is void says so. */
export function signaturesText({ signatures, missing }: ReviewView): string {
  const made = table(signatures, [
    { header: 'Signed by', cell: ({ printedName }) => printedName },
    { header: 'At', cell: ({ signedAt }) => signedAt },
    { header: 'Meaning', cell: ({ meaning }) => meaning },
    { header: 'With', cell: ({ components }) => components.join(', ') },
    { header: 'Counts', cell: ({ counts }) => (counts ? 'yes' : 'no') },
  ]);
  const needed = missing.map((what) => `Needed: ${what}\n`).join('');
  return `${signatures.length === 0 ? '' : made}${needed}`;
}

/** What was done to it, as the trail has it. */
export function historyText({ history }: ReviewView): string {
  return table(history, [
    { header: 'Position', cell: ({ position }) => position },
    { header: 'At', cell: ({ at }) => at },
    { header: 'What', cell: ({ type }) => type },
    { header: 'By', cell: ({ actor }) => actorText(actor as Parameters<typeof actorText>[0]) },
    { header: 'Why', cell: ({ reason }) => reasonText(reason) },
  ]);
}

export function reviewsTable(reviews: readonly ReviewListed[]): string {
  if (reviews.length === 0) return 'no review yet\n';
  return table(reviews, [
    { header: 'Id', cell: ({ id }) => id },
    { header: 'Of', cell: ({ kind }) => kind },
    { header: 'Status', cell: ({ status }) => status },
    { header: 'Opened', cell: ({ openedAt }) => openedAt.slice(0, 10) },
    { header: 'By', cell: ({ openedBy }) => openedBy },
    { header: 'Lines', cell: ({ lines }) => lines },
    { header: 'Findings', cell: ({ findings }) => findings },
    { header: 'Signed by', cell: ({ signedBy }) => signedBy.join(', ') },
    { header: 'Next due', cell: ({ nextDue }) => nextDue.slice(0, 10) },
  ]);
}

export function dueText(kinds: readonly DueReview[]): string {
  return table(kinds, [
    { header: 'Of', cell: ({ kind }) => kind },
    { header: 'Last', cell: ({ last }) => last ?? 'none yet' },
    { header: 'Next due', cell: ({ nextDue }) => nextDue?.slice(0, 10) },
    { header: 'Overdue', cell: ({ overdue }) => (overdue ? 'overdue' : 'no') },
    { header: 'Reviewed up to', cell: ({ reviewedUpTo }) => reviewedUpTo },
    {
      header: 'Waiting',
      cell: ({ waiting }) => waiting.map(({ id, asksYou }) => (asksYou ? `${id} (for you)` : id)).join(', '),
    },
  ]);
}
