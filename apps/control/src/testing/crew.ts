import type { StoppedClock } from '#kernel';

/** Who is there from the start beside the admin, with which roles. */
export const CREW = [
  ['ana', 'author'],
  ['ben', 'approver'],
  ['olga', 'operator'],
  ['cyd', 'qa'],
  ['fay', 'author', 'approver'],
  ['eve', 'admin'],
] as const;
const SESSION_MS = 8 * 3_600_000;

/** Sets a clock back. @returns the logins of those whose sessions are over, since control saw their end */
export function overOnceBackTo(at: string, clock: StoppedClock): readonly string[] {
  const passed = Date.parse(clock.now()) - Date.parse(at);
  clock.set(at);
  return passed < SESSION_MS ? [] : ['admin', ...CREW.map(([login]) => login)];
}
