/** Whom a fault hits. `everything` is the whole tree of processes: supervisor, servers and database at once. */
export const VICTIMS = [
  'control',
  'worker',
  'projector',
  'proxy',
  'postgres',
  'supervisor',
  'everything',
  'proxy+postgres',
] as const;
export type Victim = (typeof VICTIMS)[number];

/** In the middle of what. */
export const MOMENTS = ['append', 'capture', 'projection', 'rebuild', 'seal', 'download'] as const;
export type Moment = (typeof MOMENTS)[number];

/** The folders of a site's home that may each be a disk of its own. */
export const DISKS = ['pg', 'kept', 'cache', 'ledger', 'ledger-second', 'spool'] as const;
export type Disk = (typeof DISKS)[number];

export type Kind =
  | { readonly name: string; readonly fault: 'kill'; readonly victim: Victim; readonly moment: Moment }
  /** The database away for a while: `away`, killed and kept from coming up; `frozen`, there, and silent. */
  | { readonly name: string; readonly fault: 'away' | 'frozen'; readonly moment: Moment }
  /** The clock of all servers set back, and right again. */
  | { readonly name: string; readonly fault: 'clock'; readonly moment: Moment }
  /** A disk without a free byte for a while. */
  | { readonly name: string; readonly fault: 'full'; readonly disk: Disk; readonly moment: Moment };

const KILLS = VICTIMS.flatMap((victim) =>
  MOMENTS.map((moment): Kind => ({ name: `${victim}@${moment}`, fault: 'kill', victim, moment })),
);
const OUTAGES = (['away', 'frozen'] as const).flatMap((fault) =>
  (['append', 'download'] as const).map((moment): Kind => ({ name: `${fault}@${moment}`, fault, moment })),
);

const CLOCKS = MOMENTS.map((moment): Kind => ({ name: `clock@${moment}`, fault: 'clock', moment }));

/** What the loop plays unless it is told otherwise. */
export const KINDS: readonly Kind[] = [...KILLS, ...OUTAGES, ...CLOCKS];

/** Those that take mounts, and so root: played when they are asked for. */
const FULL_DISKS = DISKS.map((disk): Kind => ({
  name: `full@${disk}`,
  fault: 'full',
  disk,
  moment: 'append',
}));
const ALL = [...KINDS, ...FULL_DISKS];

/** Whether nothing ends, or keeps from its work, the one server that devices talk to: they must notice nothing then. */
export function leavesProxyAlone(kind: Kind): boolean {
  switch (kind.fault) {
    case 'kill':
      return !['proxy', 'supervisor', 'everything', 'proxy+postgres'].includes(kind.victim);
    case 'away':
    case 'frozen':
    case 'clock':
      return true;
    case 'full':
      return kind.disk !== 'cache';
  }
}

/** Those whose name, or the part before or behind its `@`, is one of the words. @throws Error for a word that names none */
export function kindsNamed(words: readonly string[]): readonly Kind[] {
  if (words.length === 0) return KINDS;
  const named = (word: string): readonly Kind[] => {
    const found = ALL.filter(({ name }) => name === word || name.split('@').includes(word));
    if (found.length > 0) return found;
    throw new Error(`there is no fault ${word}; there are ${ALL.map(({ name }) => name).join(', ')}`);
  };
  return [...new Set(words.flatMap(named))];
}
