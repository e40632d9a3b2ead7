import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Of this run: the machine may have other namespaces, and other runs. */
const TAG = process.pid.toString(36);
const NETWORK = `10.${64 + (process.pid % 128)}`;

const ZONES = ['site', 'dmz', 'edge', 'world'] as const;
export type Zone = (typeof ZONES)[number];

/** Who is where. `people`, and devices on either side, are this very process. */
export const ADDRESS = {
  people: `${NETWORK}.1.1`,
  site: `${NETWORK}.1.2`,
  siteToEdge: `${NETWORK}.2.2`,
  edge: `${NETWORK}.2.1`,
  edgeToWorld: `${NETWORK}.3.1`,
  world: `${NETWORK}.3.2`,
  devices: `${NETWORK}.4.1`,
  dmz: `${NETWORK}.4.2`,
  dmzToSite: `${NETWORK}.5.1`,
  siteToDmz: `${NETWORK}.5.2`,
  dmzToEdge: `${NETWORK}.6.2`,
  edgeToDmz: `${NETWORK}.6.1`,
} as const;

const nameOf = (zone: Zone): string => `hf-${TAG}-${zone}`;
const linkOf = (here: Zone | undefined, there: Zone, side: string): string =>
  `h${TAG}${here?.[0] ?? ''}${there[0]}${side}`;

/** The words before a command that let it run in a zone. */
export const inZone = (zone: Zone): [string, ...string[]] => ['ip', 'netns', 'exec', nameOf(zone)];

/** Runs it there. @returns what it prints */
export async function runIn(zone: Zone, ...command: readonly string[]): Promise<string> {
  const [ip, ...words] = inZone(zone);
  return (await run(ip, [...words, ...command])).stdout;
}

async function ip(...words: readonly string[]): Promise<void> {
  await run('ip', words);
}

/** Two ends of a cable; the first end stays with us when `here` is no zone. */
async function join(
  here: Zone | undefined,
  there: Zone,
  addresses: readonly [string, string],
): Promise<void> {
  const [a, b] = [linkOf(here, there, 'a'), linkOf(here, there, 'b')];
  await ip('link', 'add', a, 'type', 'veth', 'peer', 'name', b);
  await ip('link', 'set', b, 'netns', nameOf(there));
  if (here) await ip('link', 'set', a, 'netns', nameOf(here));
  const ends = [
    { zone: here, link: a, address: addresses[0] },
    { zone: there, link: b, address: addresses[1] },
  ] as const;
  for (const { zone, link, address } of ends) {
    const where = zone ? ['-n', nameOf(zone)] : [];
    await ip(...where, 'addr', 'add', `${address}/24`, 'dev', link);
    await ip(...where, 'link', 'set', link, 'up');
  }
}

/** A firewall that lets through what it names, and remembers what it does not. */
const firewall = (inward: readonly string[], outward: readonly string[]): string => `
table inet zone {
  set denied_in { type ipv4_addr . inet_service; flags dynamic; }
  set denied_out { type ipv4_addr . inet_service; flags dynamic; }
  chain inward {
    type filter hook input priority 0; policy drop;
    iif lo accept
    ct state established,related accept
    ${inward.map((rule) => `${rule} counter accept`).join('\n    ')}
    ct state new meta l4proto { tcp, udp } add @denied_in { ip saddr . th dport }
  }
  chain outward {
    type filter hook output priority 0; policy drop;
    oif lo accept
    ct state established,related accept
    ${outward.map((rule) => `${rule} counter accept`).join('\n    ')}
    ct state new meta l4proto { tcp, udp } add @denied_out { ip daddr . th dport }
  }
}`;

type Rules = readonly [inward: readonly string[], outward: readonly string[]];

/** What docs/reference/network.md says that has to be open, and nothing else. */
const SITE: Rules = [
  [
    `ip saddr ${ADDRESS.people} tcp dport 8080`,
    `ip saddr ${ADDRESS.people} tcp dport 8081`,
    `ip saddr ${ADDRESS.dmzToSite} tcp dport 5432`,
    `ip saddr ${ADDRESS.dmzToSite} tcp dport 8080`,
  ],
  [`ip daddr ${ADDRESS.edge} tcp dport 3128`, `ip daddr ${ADDRESS.dmzToSite} tcp dport 9083`],
];
const DMZ: Rules = [
  [`ip saddr ${ADDRESS.devices} tcp dport 8081`, `ip saddr ${ADDRESS.siteToDmz} tcp dport 9083`],
  [
    `ip daddr ${ADDRESS.siteToDmz} tcp dport 5432`,
    `ip daddr ${ADDRESS.site} tcp dport 8080`,
    `ip daddr ${ADDRESS.edgeToDmz} tcp dport 3128`,
  ],
];
const EDGE: Rules = [
  [`ip saddr ${ADDRESS.siteToEdge} tcp dport 3128`, `ip saddr ${ADDRESS.dmzToEdge} tcp dport 3128`],
  [`ip daddr ${ADDRESS.world} tcp dport 443`],
];

/** people — site — edge — world, and devices — dmz between site and edge: each zone with a default deny both ways, and no name server anywhere. */
export async function makeZones(): Promise<void> {
  for (const zone of ZONES) {
    await ip('netns', 'add', nameOf(zone));
    await ip('-n', nameOf(zone), 'link', 'set', 'lo', 'up');
    // Neighbours would be looked for at once; this network has none of them.
    await runIn(zone, 'sh', '-c', 'for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 > $f; done');
  }
  await join(undefined, 'site', [ADDRESS.people, ADDRESS.site]);
  await join('edge', 'world', [ADDRESS.edgeToWorld, ADDRESS.world]);
  await join('site', 'edge', [ADDRESS.siteToEdge, ADDRESS.edge]);
  // Else a packet to somewhere else, such as a name server, would not even come as far as the firewall.
  await ip('-n', nameOf('site'), 'route', 'add', 'default', 'via', ADDRESS.edge);
  await ip('-n', nameOf('edge'), 'route', 'add', 'default', 'via', ADDRESS.world);
  await join(undefined, 'dmz', [ADDRESS.devices, ADDRESS.dmz]);
  await join('dmz', 'site', [ADDRESS.dmzToSite, ADDRESS.siteToDmz]);
  await join('edge', 'dmz', [ADDRESS.edgeToDmz, ADDRESS.dmzToEdge]);
  await ip('-n', nameOf('dmz'), 'route', 'add', 'default', 'via', ADDRESS.edgeToDmz);
  await ip('-n', nameOf('dmz'), 'route', 'add', ADDRESS.site, 'via', ADDRESS.siteToDmz);
  await guard('site', firewall(...SITE));
  await guard('dmz', firewall(...DMZ));
  await guard('edge', firewall(...EDGE));
}

async function guard(zone: Zone, rules: string): Promise<void> {
  await runIn(zone, 'nft', rules);
}

export type Guarded = Exclude<Zone, 'world'>;

/** The rules of a zone's firewall that let nothing through so far: what is open, and need not be. */
export async function unused(zone: Guarded): Promise<string[]> {
  const shown = await runIn(zone, 'nft', 'list', 'table', 'inet', 'zone');
  return shown.split('\n').filter((line) => line.includes('counter packets 0 '));
}

/** What a zone's firewall did not let through: who asked (in) or was asked (out), and for which port. */
export async function denied(zone: Guarded, way: 'in' | 'out'): Promise<string[]> {
  const shown = await runIn(zone, 'nft', 'list', 'set', 'inet', 'zone', `denied_${way}`);
  return shown.match(/[0-9.]{7,15} \. \S+/g) ?? [];
}

/** Their links go with them. */
export async function removeZones(): Promise<void> {
  for (const zone of ZONES) {
    await ip('netns', 'del', nameOf(zone)).catch(() => undefined);
  }
}
