import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../systemd/unit.js';
import type { Connection, Zone } from './namespaces.js';

/** A row of docs/reference/network.md, by its first two columns, and who is meant by it here. */
interface Row {
  readonly row: string;
  readonly opens: readonly Connection[];
}

const tcp = (from: Zone, to: Zone, ...ports: readonly number[]): Connection[] =>
  ports.map((port) => ({ from, to, protocol: 'tcp', port }));
const udp = (from: Zone, to: Zone, port: number): Connection => ({ from, to, protocol: 'udp', port });

const ROWS: readonly Row[] = [
  { row: 'devices → proxy', opens: [...tcp('office', 'site', 8081), ...tcp('outside', 'dmz', 80, 443)] },
  { row: 'people, command line → control', opens: tcp('office', 'site', 8080) },
  { row: 'proxy, as a node → control', opens: tcp('dmz', 'site', 8080) },
  { row: 'proxy, as a shadow → the running store proxy', opens: tcp('site', 'incumbent', 80) },
  {
    row: 'monitoring → each server',
    opens: [...tcp('monitoring', 'site', 9080, 9081, 9082, 9083), ...tcp('monitoring', 'dmz', 9083)],
  },
  {
    row: "control, worker, projector, proxy, host's commands → PostgreSQL",
    opens: [...tcp('site', 'database', 5432), ...tcp('dmz', 'database', 5432)],
  },
  { row: 'host, control, worker, projector → EventStoreDB, if used', opens: tcp('site', 'events', 2113) },
  {
    row: "worker, proxy, host's commands → bucket, if used",
    opens: [...tcp('site', 'bucket', 9000), ...tcp('dmz', 'bucket', 9000)],
  },
  {
    row: "worker, proxy, control, host's commands → forward proxy, if set",
    opens: [...tcp('site', 'edge', 3128), ...tcp('dmz', 'edge', 3128)],
  },
  {
    row: "worker, proxy, host's commands, else the forward proxy for them → the hosts below",
    opens: tcp('edge', 'world', 443),
  },
  {
    row: "worker, proxy, control, host's commands → name server",
    opens: [udp('site', 'names', 53), udp('dmz', 'names', 53)],
  },
  {
    row: 'worker, else the forward proxy for it → sinks, if any',
    opens: [...tcp('site', 'webhooks', 443), ...tcp('edge', 'webhooks', 443)],
  },
  {
    row: 'worker → mail and syslog sinks, if any',
    opens: [...tcp('site', 'mail', 587, 25), ...tcp('site', 'syslog', 6514)],
  },
  {
    row: 'control, else the forward proxy for it → identity provider, if set',
    opens: [...tcp('site', 'login', 443), ...tcp('edge', 'login', 443)],
  },
  { row: "people's browsers → identity provider, if set", opens: tcp('office', 'login', 443) },
];

/** All that the page says has to be open, and nothing else. */
export const CONNECTIONS: readonly Connection[] = ROWS.flatMap(({ opens }) => opens);

/** What {@link CONNECTIONS} are made of, to be compared with {@link rowsOfThePage}. */
export const ROWS_HERE: readonly string[] = ROWS.map(({ row }) => row);

const SECTIONS = ['Connections', 'Sinks', 'Identity provider'];

/** The first two columns of the page's tables of connections. */
export async function rowsOfThePage(): Promise<string[]> {
  const page = await readFile(join(ROOT, 'docs/reference/network.md'), 'utf8');
  const sections = page.split('\n## ').filter((each) => SECTIONS.includes(each.split('\n')[0] ?? ''));
  return sections.flatMap((section) => {
    const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('|'));
    return rows.map((line) => {
      const [, from = '', to = ''] = line.split('|').map((cell) => cell.trim());
      // Of a link, its words.
      return `${from} → ${to.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')}`;
    });
  });
}
