import type { Command } from 'commander';
import type { Cli } from '../cli.js';
import type { components } from '#api-client/schema';
import { Invocation } from '../invocation.js';
import { fields, table } from '../output/table.js';

const EVENT_STORES = { postgresql: 'PostgreSQL', eventstoredb: 'EventStoreDB' } as const;
const UNREADABLE = 'what is recorded of them cannot be read: "holdfast verify --database" says why';
const UNTRIED = ' (experimental until it ran against a real server)';

export function addStatus(program: Command, cli: Cli): void {
  program
    .command('status')
    .description('how the site stands: where its record ends, and how far its read models are')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const status = await control.status();
      invocation.result(status, () => {
        const { failingSinks, pausedSinks, ledger, clocks } = status;
        const summary = fields([
          ['Site', status.site.origin],
          ['Control', control.url],
          ['Position', status.position],
          ['Database', status.evaluationDatabase ? 'embedded, for evaluation' : 'external'],
          [
            'Event store',
            `${EVENT_STORES[status.eventStore.kind]}${status.eventStore.experimental ? UNTRIED : ''}`,
          ],
          ...ledgerLines(ledger),
          ...sinkLines(failingSinks, pausedSinks),
          ...clockLines(clocks),
        ]);
        const projections = table(status.projections, [
          { header: 'Read model', cell: ({ name }) => name },
          { header: 'Version', cell: ({ version }) => version },
          { header: 'Position', cell: ({ position }) => position },
          { header: 'Behind', cell: ({ lag }) => lag },
        ]);
        return `${summary}\n${projections}`;
      });
    });
}

type Sinks = components['schemas']['StatusDto']['failingSinks'];

function sinkLines(failing: Sinks, paused: Sinks): readonly (readonly [string, string])[] {
  if (failing === null || paused === null) return [['SINKS', UNREADABLE]];
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ['Failing sinks', failing],
    ['Paused sinks', paused],
  ];
  return lines.flatMap(([label, names]) => (names.length > 0 ? [[label, names.join(', ')] as const] : []));
}

type Clocks = components['schemas']['StatusDto']['clocks'];

function clockLines(clocks: Clocks): readonly (readonly [string, string])[] {
  if (clocks === null) return [['CLOCKS', UNREADABLE]];
  return clocks.map(({ server, host, synchronisation, source, since }) => [
    `Clock of ${server}`,
    `${synchronisation} (${source}) on ${host}, since ${since}`,
  ]);
}

type Ledger = components['schemas']['LedgerDto'];

/** What the site's own verifier has come to: last what is wrong, since that is what to look at. */
function ledgerLines({ verified, failing, unsealedSince }: Ledger): readonly (readonly [string, string])[] {
  const lines: (readonly [string, string])[] = [
    [
      'Verified',
      verified ? `${verified.entries} entries at ${verified.at}, in ${verified.seconds} s` : 'not yet',
    ],
  ];
  if (failing) {
    const [first] = failing.findings;
    const more = failing.findings.length + failing.more - 1;
    const rest = more === 0 ? '' : `, and ${more} more`;
    lines.push(['LEDGER AND EVENTS DO NOT AGREE', `since ${failing.since}: ${first?.says ?? ''}${rest}`]);
  }
  if (unsealedSince !== null) lines.push(['NOT SEALED', `what happened since ${unsealedSince}`]);
  return lines;
}
