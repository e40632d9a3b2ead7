import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { isAlive } from '#platform/database/postmaster';

const run = promisify(execFile);

/** Of this run: the machine may have other namespaces, and other runs. */
const TAG = process.pid.toString(36);
const NETWORK = `10.${64 + (process.pid % 128)}`;

/** Each a namespace of its own, with a firewall. */
const GUARDED = [
  'site',
  'dmz',
  'monitoring',
  'database',
  'events',
  'bucket',
  'incumbent',
  'names',
  'edge',
  'mail',
  'syslog',
  'webhooks',
  'login',
] as const;
/** This very process, at two addresses: people and devices inside, and devices that reach the DMZ alone. */
const HERE = ['office', 'outside'] as const;
const ZONES = [...GUARDED, ...HERE, 'world'] as const;

export type Guarded = (typeof GUARDED)[number];
export type Zone = (typeof ZONES)[number];

export const addressOf = (zone: Zone): string => `${NETWORK}.${ZONES.indexOf(zone)}.2`;
const gatewayOf = (zone: Zone): string => `${NETWORK}.${ZONES.indexOf(zone)}.1`;

type Here = (typeof HERE)[number];
type Space = Exclude<Zone, Here> | 'router';
const isHere = (zone: Zone): zone is Here => zone === 'office' || zone === 'outside';
const nameOf = (space: Space): string => `hf-${TAG}-${space}`;

/** Who connects to whom. */
export interface Connection {
  readonly from: Zone;
  readonly to: Zone;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** The words before a command that let it run in a zone, for as long as we run. */
export const inZone = (space: Space): [string, ...string[]] => {
  return ['setpriv', '--pdeathsig', 'TERM', 'ip', 'netns', 'exec', nameOf(space)];
};

/** Runs it there. @returns what it prints */
export async function runIn(space: Space, ...command: readonly string[]): Promise<string> {
  const [program, ...words] = inZone(space);
  return (await run(program, [...words, ...command])).stdout;
}

async function ip(...words: readonly string[]): Promise<void> {
  await run('ip', words);
}

async function makeSpace(space: Space): Promise<void> {
  await ip('netns', 'add', nameOf(space));
  await ip('-n', nameOf(space), 'link', 'set', 'lo', 'up');
  // Neighbours would be looked for at once; this network has none of them.
  await runIn(space, 'sh', '-c', 'for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 > $f; done');
}

/** A cable from the zone to the router. The zone sends all that it has not itself over it: else a packet to somewhere else would not even come as far as its firewall. */
async function connect(zone: Zone): Promise<void> {
  const [here, there] = ['a', 'b'].map((end) => `h${TAG}${ZONES.indexOf(zone)}${end}`) as [string, string];
  await ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there);
  await ip('link', 'set', there, 'netns', nameOf('router'));
  const where = isHere(zone) ? [] : ['-n', nameOf(zone)];
  if (!isHere(zone)) await ip('link', 'set', here, 'netns', nameOf(zone));
  const ends = [
    { space: where, link: here, address: addressOf(zone) },
    { space: ['-n', nameOf('router')], link: there, address: gatewayOf(zone) },
  ];
  for (const { space, link, address } of ends) {
    await ip(...space, 'addr', 'add', `${address}/24`, 'dev', link);
    await ip(...space, 'link', 'set', link, 'up');
  }
  if (!isHere(zone)) await ip(...where, 'route', 'add', 'default', 'via', gatewayOf(zone));
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

async function guard(zone: Guarded, connections: readonly Connection[]): Promise<void> {
  const inward = connections
    .filter(({ to }) => to === zone)
    .map(({ from, protocol, port }) => `ip saddr ${addressOf(from)} ${protocol} dport ${port}`);
  const outward = connections
    .filter(({ from }) => from === zone)
    .map(({ to, protocol, port }) => `ip daddr ${addressOf(to)} ${protocol} dport ${port}`);
  await runIn(zone, 'nft', firewall(inward, outward));
}

/** Each zone with a default deny both ways, and between them a router that lets all through: what is not let through, a zone's own firewall has seen. @param connections all that is open */
export async function makeZones(connections: readonly Connection[]): Promise<void> {
  await removeAbandoned();
  await makeSpace('router');
  await runIn('router', 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
  for (const zone of ZONES) {
    if (!isHere(zone)) await makeSpace(zone);
    await connect(zone);
  }
  // Who is asked from here is asked from one of the two addresses alone.
  for (const { from, to } of connections) {
    if (isHere(from)) await ip('route', 'replace', `${addressOf(to)}/32`, 'via', gatewayOf(from));
  }
  for (const zone of GUARDED) {
    await guard(zone, connections);
    // What `ip netns exec` shows as /etc to the programs there.
    const etc = `/etc/netns/${nameOf(zone)}`;
    await mkdir(etc, { recursive: true });
    await writeFile(`${etc}/resolv.conf`, `nameserver ${addressOf('names')}\n`);
  }
}

/** The rules of all firewalls that let nothing through so far: what is open, and need not be. */
export async function unused(): Promise<string[]> {
  const shown = await Promise.all(
    GUARDED.map(async (zone) => {
      const table = await runIn(zone, 'nft', 'list', 'table', 'inet', 'zone');
      const idle = table.split('\n').filter((line) => line.includes('counter packets 0 '));
      return idle.map((line) => `${zone}: ${line.trim()}`);
    }),
  );
  return shown.flat();
}

/** What the firewalls did not let through: whose, who asked (in) or was asked (out), and for which port. */
export async function denied(): Promise<string[]> {
  const shown = await Promise.all(
    GUARDED.flatMap((zone) =>
      (['in', 'out'] as const).map(async (way) => {
        const set = await runIn(zone, 'nft', 'list', 'set', 'inet', 'zone', `denied_${way}`);
        return (set.match(/[0-9.]{7,15} \. \S+/g) ?? []).map((who) => `${zone} ${way}: ${who}`);
      }),
    ),
  );
  return shown.flat();
}

export async function removeZones(): Promise<void> {
  for (const space of ['router', 'world', ...GUARDED] as const) await removeSpace(nameOf(space));
}

/** Its links go with it. */
async function removeSpace(name: string): Promise<void> {
  await ip('netns', 'del', name).catch(() => undefined);
  await rm(`/etc/netns/${name}`, { recursive: true, force: true });
}

/** Those of a run that was killed, with what still runs there: squid, which is another user's since it gave up being root, has not heard of it. */
async function removeAbandoned(): Promise<void> {
  const { stdout } = await run('ip', ['netns', 'list']);
  for (const [name, tag = ''] of stdout.matchAll(/^hf-([0-9a-z]+)-[a-z]+/gm)) {
    if (isAlive(Number.parseInt(tag, 36))) continue;
    const { stdout: pids } = await run('ip', ['netns', 'pids', name]);
    for (const pid of pids.split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
    await removeSpace(name);
  }
}
