import type { ChangeView } from '../api/types.js';
import { itemText } from '../output/item.js';
import { actorText, reasonText } from '../output/reason.js';
import type { Block } from './paper.js';
import { timeText } from './times.js';

type Earlier = NonNullable<ChangeView['earlier']>[number];

/** What its author says of a request, and may say anew: each as it is printed. */
const SAID = ['Reason', 'Asked for', 'Not before', 'Not after', 'Ticket'] as const;
type Said = Readonly<Record<(typeof SAID)[number], string>>;

/** Which of what its author says is not what was first entered (R11). */
export function amendedFields(view: ChangeView): ReadonlySet<string> {
  const [first] = view.earlier ?? [];
  if (!first) return new Set();
  const [was, is] = [saidIn(first), saidIn(view)];
  return new Set(SAID.filter((name) => was[name] !== is[name]));
}

/** What was changed since a request was first entered: each revision with old and new values, the signatures that are void by it, and what was said beside it. */
export function amendedBlocks(view: ChangeView, zone: string): readonly Block[] {
  const { earlier = [], comments = [] } = view;
  const revisions = earlier.flatMap((each, i) => revisionBlocks(view, each, earlier[i + 1], zone));
  const said = comments.map(({ by, at, text }) => [by.name, timeText(at, zone), text]);
  const columns = [
    { header: 'Comment by', share: 3 },
    { header: 'Date, time and zone', share: 5 },
    { header: 'Comment', share: 8 },
  ];
  return [
    ...revisions,
    ...(said.length > 0 ? [{ kind: 'table', table: { columns, rows: said } } as const] : []),
  ];
}

function revisionBlocks(
  view: ChangeView,
  was: Earlier,
  next: Earlier | undefined,
  zone: string,
): readonly Block[] {
  const revised = revisionsOf(view)[was.revision - 1];
  const by = revised ? ` by ${actorText(revised.actor)}, ${timeText(revised.at, zone)}` : '';
  const [before, after] = [saidIn(was), saidIn(next ?? view)];
  const rows = SAID.filter((name) => before[name] !== after[name]).map((name) => [
    name,
    before[name],
    after[name],
  ]);
  const columns = [
    { header: 'Amended', share: 2 },
    { header: `Revision ${was.revision}`, share: 6 },
    { header: `Revision ${was.revision + 1}`, share: 6 },
  ];
  const voided = was.signatures.map(({ printedName, signedAt, meaning }) => [
    printedName,
    timeText(signedAt, zone),
    `${meaning} (void: of revision ${was.revision})`,
  ]);
  const signed = [
    { header: 'Signed by', share: 3 },
    { header: 'Date, time and zone', share: 5 },
    { header: 'Meaning', share: 6 },
  ];
  const digest = was.recordDigest === null ? 'not captured' : `sha256:${was.recordDigest}`;
  return [
    {
      kind: 'text',
      text: `Revision ${was.revision} (${was.status}, record ${digest}) was replaced${by}.`,
    },
    ...(rows.length > 0 ? [{ kind: 'table', table: { columns, rows } } as const] : []),
    ...(voided.length > 0 ? [{ kind: 'table', table: { columns: signed, rows: voided } } as const] : []),
  ];
}

/** The first event of each: a long one has several, written at once. */
function revisionsOf({ history }: ChangeView): readonly ChangeView['history'][number][] {
  return history
    .filter(({ type }) => type === 'ChangeRevised')
    .filter(({ at }, i, all) => at !== all[i - 1]?.at);
}

function saidIn({ reason, items, window = {}, ticket }: Earlier | ChangeView): Said {
  return {
    Reason: reasonText(reason),
    'Asked for': items.map(itemText).join('; ') || '-',
    'Not before': window.notBefore ?? '-',
    'Not after': window.notAfter ?? '-',
    Ticket: ticket ? `${ticket.system} ${ticket.id}` : '-',
  };
}
