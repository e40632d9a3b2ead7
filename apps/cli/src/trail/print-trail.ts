import type { Writable } from 'node:stream';
import type { Block } from '../meeting/paper.js';
import { printLong } from '../meeting/print-long.js';
import { TRAIL_COLUMNS } from './columns.js';
import type { CopiedRow, CopyCheck } from './copy-check.js';
import type { CopyFacts } from './write-copy.js';

/** Of the columns, in their order, how wide each is on paper. */
const SHARES = [2, 4, 4, 3, 3, 4, 5] as const;

/** A copy for people: the columns of the screen, and below each row all of what was recorded, with its digest. */
export async function printTrail(
  target: Writable,
  { site, filter }: CopyFacts,
  { check, rows }: { readonly check: CopyCheck; readonly rows: AsyncIterable<CopiedRow> },
): Promise<void> {
  let last: string | undefined;
  const cells = async function* () {
    for await (const { shown, bytes, sha256 } of rows) {
      last = shown.at;
      yield {
        cells: TRAIL_COLUMNS.map(({ cell }) => cell(shown)),
        below: `sha256:${sha256} of ${bytes.toString('utf8')}`,
      };
    }
  };
  await printLong(target, {
    title: `Record: ${site}`,
    blocks: [{ kind: 'facts', facts: scope(filter) }],
    columns: TRAIL_COLUMNS.map(({ header }, i) => ({ header, share: SHARES[i] ?? 1 })),
    rows: cells(),
    end: () => ({ at: last, blocks: lastBlocks(check) }),
  });
}

function scope(filter: CopyFacts['filter']): readonly (readonly [string, string])[] {
  return filter.length === 0 ? [['Of', 'everything that was recorded']] : filter;
}

function lastBlocks({ end: { count, root, line } }: CopyCheck): readonly Block[] {
  const { sha256 } = JSON.parse(line.toString('utf8')) as { readonly sha256: string };
  const facts: (readonly [string, string])[] = [
    ['Events', count],
    ['Made from', `sha256:${sha256}`],
    ...(root === null ? [] : [['Root of the tree', root] as const]),
  ];
  return [
    { kind: 'heading', text: 'End of the copy' },
    { kind: 'facts', facts },
  ];
}
