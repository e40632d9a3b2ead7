export type Level = 'ok' | 'warn' | 'fail';

/** What one check found. */
export interface Finding {
  /** The check's name, and after a colon what it looked at. */
  readonly check: string;
  readonly level: Level;
  /** One sentence: what is so. */
  readonly says: string;
  /** What to do about it; of all that is not ok. */
  readonly todo?: string;
  /** The history is not what was sealed: nothing that a command of ours mends. */
  readonly integrity?: true;
}

export function ok(check: string, says: string): Finding {
  return { check, level: 'ok', says };
}

export function warn(check: string, says: string, todo: string): Finding {
  return { check, level: 'warn', says, todo };
}

export function fail(check: string, says: string, todo: string): Finding {
  return { check, level: 'fail', says, todo };
}

/** As in docs/reference/exit-codes.md: 0 nothing failed, 6 the history is not what was sealed, 1 something else failed. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 6 {
  if (findings.some(({ integrity }) => integrity === true)) return 6;
  return findings.some(({ level }) => level === 'fail') ? 1 : 0;
}
