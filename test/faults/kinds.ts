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
export const MOMENTS = ['append', 'capture', 'projection', 'seal', 'download'] as const;
export type Moment = (typeof MOMENTS)[number];

export type Kind =
  | { readonly name: string; readonly fault: 'kill'; readonly victim: Victim; readonly moment: Moment }
  /** The database away for a while: `away`, killed whenever it comes up; `frozen`, there, and silent. */
  | { readonly name: string; readonly fault: 'away' | 'frozen'; readonly moment: Moment };

const KILLS = VICTIMS.flatMap((victim) =>
  MOMENTS.map((moment): Kind => ({ name: `${victim}@${moment}`, fault: 'kill', victim, moment })),
);
const OUTAGES = (['away', 'frozen'] as const).flatMap((fault) =>
  (['append', 'download'] as const).map((moment): Kind => ({ name: `${fault}@${moment}`, fault, moment })),
);

/** Every fault of the loop. */
export const KINDS: readonly Kind[] = [...KILLS, ...OUTAGES];

/** Those whose name, or the part before or behind its `@`, is one of the words. @throws Error for a word that names none */
export function kindsNamed(words: readonly string[]): readonly Kind[] {
  if (words.length === 0) return KINDS;
  const named = (word: string): readonly Kind[] => {
    const found = KINDS.filter(({ name }) => name === word || name.split('@').includes(word));
    if (found.length > 0) return found;
    throw new Error(`there is no fault ${word}; there are ${KINDS.map(({ name }) => name).join(', ')}`);
  };
  return [...new Set(words.flatMap(named))];
}
