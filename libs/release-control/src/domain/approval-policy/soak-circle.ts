/**
 * The rings of a circle that a rule of soak would close: each waits for the next, so that none of them would get anything new.
 * @param ring whose rule it is to be
 * @param source the ring that it asks for soak in
 * @param asked by ring, the ring that its policy in force asks for soak in
 * @returns in order, from `ring` to `ring`; null: it closes none
 */
export function soakCircle(
  ring: string,
  source: string,
  asked: ReadonlyMap<string, string>,
): readonly string[] | null {
  const circle = [ring];
  for (let next: string | undefined = source; next !== undefined; next = asked.get(next)) {
    if (next === ring) return [...circle, ring];
    if (circle.includes(next)) return null;
    circle.push(next);
  }
  return null;
}
