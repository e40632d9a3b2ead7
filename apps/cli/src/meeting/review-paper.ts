import { recordDigest, type JsonValue } from '#kernel';
import type { ReviewView } from '../api/review-types.js';
import { standingOf } from '../output/deviations.js';
import { findingText, rightText, ringText, scopeFields, trailLineText } from '../output/review.js';
import { actorText, reasonText } from '../output/reason.js';
import type { Block, Paper } from './paper.js';
import { timeText } from './times.js';

/** A review as an inspector reads it on paper: what was looked at, what was found, and who signed with which meaning (R17, R36). @param digest of its record, computed here */
export function reviewPaper(site: string, view: ReviewView, digest: string): Paper {
  const { record, history, status } = view;
  const last = history.at(-1);
  const zone = last?.zone ?? 'Etc/UTC';
  const facts: readonly (readonly [string, string])[] = [
    ['Status', status],
    ...scopeFields(record.content),
    ['Opened by', `${record.openedBy.name}, ${timeText(record.openedAt, zone)}`],
    ['Reason', reasonText(record.reason)],
    ['Next due', timeText(record.nextDue, zone)],
    ['Record', `sha256:${digest}`],
  ];
  return {
    title: `Review ${view.id} (${record.content.kind}): ${site}`,
    at: last?.at ?? record.openedAt,
    digest: recordDigest({ paper: 'review', site, data: view } as unknown as JsonValue),
    blocks: [
      { kind: 'facts', facts },
      lines(view, zone),
      ...findings(view, zone),
      ...deviations(view, zone),
      ...signatures(view, zone),
      historyTable(view, zone),
    ],
  };
}

function lines({ record: { content, decisions }, stillHeld }: ReviewView, zone: string): Block {
  switch (content.kind) {
    case 'access': {
      const decided = new Map(decisions.map((each) => [each.line, each]));
      return tableOf(
        [
          ['Line', 1],
          ['Person', 4],
          ['Right', 4],
          ['Ring', 3],
          ['Decision', 3],
          ['By', 3],
          ['Comment', 4],
        ],
        content.lines.map((line, i) => {
          const said = decided.get(i + 1);
          const now = stillHeld.includes(i + 1) ? ' (still there)' : '';
          return [
            String(i + 1),
            `${line.name} (${line.login})`,
            rightText(line),
            ringText(line) ?? '-',
            said ? `${said.decision}${now}` : 'not decided',
            said?.by.name ?? '-',
            said?.comment ?? '-',
          ];
        }),
      );
    }
    case 'periodic':
      return tableOf(
        [
          ['Section', 3],
          ['Position', 2],
          ['Date, time and zone', 5],
          ['Event', 4],
          ['About', 4],
          ['By', 3],
          ['What', 6],
        ],
        content.lines.map(({ section, position, at, type, about, by, text }) => [
          section,
          position,
          timeText(at, zone),
          type,
          about,
          by,
          text,
        ]),
      );
    case 'trail':
      return tableOf(
        [
          ['What', 5],
          ['Events', 2],
        ],
        content.lines.map((line) => [trailLineText(line), String(line.events)]),
      );
  }
}

function findings({ record }: ReviewView, zone: string): Block[] {
  if (record.findings.length === 0) return [];
  const rows = record.findings.map((finding) => [
    finding.kind,
    finding.by.name,
    timeText(finding.at, zone),
    findingText(finding),
  ]);
  return [
    tableOf(
      [
        ['Finding', 3],
        ['By', 3],
        ['Date, time and zone', 5],
        ['What', 8],
      ],
      rows,
    ),
  ];
}

/** As they stand now, which is no part of what was signed. */
function deviations({ deviations: all }: ReviewView, zone: string): Block[] {
  if (all.length === 0) return [];
  const columns = [
    ['Deviation', 2],
    ['Due', 5],
    ['Stands', 8],
  ] as const;
  return [
    tableOf(
      columns,
      all.map((each) => [`finding ${each.finding}`, timeText(each.due, zone), standingOf(each)]),
    ),
  ];
}

function signatures({ signatures: all, missing }: ReviewView, zone: string): Block[] {
  const rows = all.map(({ printedName, signedAt, meaning, counts }) => [
    printedName,
    timeText(signedAt, zone),
    counts ? meaning : `${meaning} (does not count)`,
  ]);
  return [
    ...(rows.length === 0
      ? []
      : [
          tableOf(
            [
              ['Signed by', 3],
              ['Date, time and zone', 5],
              ['Meaning', 3],
            ],
            rows,
          ),
        ]),
    ...missing.map((what): Block => ({ kind: 'text', text: `Needed: ${what}` })),
  ];
}

function historyTable({ history }: ReviewView, zone: string): Block {
  const rows = history.map(({ position, at, type, actor, reason }) => [
    position,
    timeText(at, zone),
    type,
    actorText(actor as Parameters<typeof actorText>[0]),
    reasonText(reason),
  ]);
  return tableOf(
    [
      ['Position', 2],
      ['Date, time and zone', 5],
      ['What', 4],
      ['By', 3],
      ['Why', 5],
    ],
    rows,
  );
}

function tableOf(
  columns: readonly (readonly [string, number])[],
  rows: readonly (readonly string[])[],
): Block {
  return {
    kind: 'table',
    table: { columns: columns.map(([header, share]) => ({ header, share })), rows },
  };
}
