/** FNV-1a, from a beginning of one's own. */
export function hashed(text: string, from: number): number {
  let hash = 0x811c9dc5 ^ from;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** The last steps of MurmurHash3: each bit goes into all of them. */
export function scattered(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const all = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
  return all ^ (all >>> 16);
}

/** Of two such, a number of 53 bits. */
export function printOfHalves(low: number, high: number): number {
  return (low >>> 0) * 0x200000 + (high >>> 11);
}
