import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Of this run: the machine may have other namespaces, and other runs. */
const TAG = process.pid.toString(36);
const NETWORK = `10.${64 + (process.pid % 128)}`;

export type Zone = 'site' | 'edge' | 'world';

/** Who is where. `people` and devices are this very process. */
export const ADDRESS = {
  people: `${NETWORK}.1.1`,
  site: `${NETWORK}.1.2`,
  siteToEdge: `${NETWORK}.2.2`,
  edge: `${NETWORK}.2.1`,
  edgeToWorld: `${NETWORK}.3.1`,
  world: `${NETWORK}.3.2`,
} as const;

const nameOf = (zone: Zone): string => `hf-${TAG}-${zone}`;
const linkOf = (zone: Zone, side: string): string => `h${TAG}${zone[0]}${side}`;

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
  const [a, b] = [linkOf(there, 'a'), linkOf(there, 'b')];
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
const firewall = (inward: string, outward: string): string => `
table inet zone {
  set denied_in { type ipv4_addr . inet_service; flags dynamic; }
  set denied_out { type ipv4_addr . inet_service; flags dynamic; }
  chain inward {
    type filter hook input priority 0; policy drop;
    iif lo accept
    ct state established,related accept
    ${inward} accept
    ct state new meta l4proto { tcp, udp } add @denied_in { ip saddr . th dport }
  }
  chain outward {
    type filter hook output priority 0; policy drop;
    oif lo accept
    ct state established,related accept
    ${outward} accept
    ct state new meta l4proto { tcp, udp } add @denied_out { ip daddr . th dport }
  }
}`;

/** people — site — edge — world, each zone with a default deny both ways, and no name server anywhere. */
export async function makeZones(): Promise<void> {
  for (const zone of ['site', 'edge', 'world'] as const) {
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
  const onlyControlAndProxy = `ip saddr ${ADDRESS.people} tcp dport { 8080, 8081 }`;
  await guard('site', firewall(onlyControlAndProxy, `ip daddr ${ADDRESS.edge} tcp dport 3128`));
  const onlyFromSite = `ip saddr ${ADDRESS.siteToEdge} tcp dport 3128`;
  await guard('edge', firewall(onlyFromSite, `ip daddr ${ADDRESS.world} tcp dport 443`));
}

async function guard(zone: Zone, rules: string): Promise<void> {
  await runIn(zone, 'nft', rules);
}

/** What a zone's firewall did not let through: who asked (in) or was asked (out), and for which port. */
export async function denied(zone: 'site' | 'edge', way: 'in' | 'out'): Promise<string[]> {
  const shown = await runIn(zone, 'nft', 'list', 'set', 'inet', 'zone', `denied_${way}`);
  return shown.match(/[0-9.]{7,15} \. \S+/g) ?? [];
}

/** Their links go with them. */
export async function removeZones(): Promise<void> {
  for (const zone of ['site', 'edge', 'world'] as const) {
    await ip('netns', 'del', nameOf(zone)).catch(() => undefined);
  }
}
