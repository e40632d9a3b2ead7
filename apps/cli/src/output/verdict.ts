import type { Cli } from '../cli.js';
import { colours } from './colour.js';

export interface Verified {
  readonly verdict: 'PASS';
  readonly origin: string;
  /** `<name>+<key id>`. */
  readonly key: string;
  readonly size: string;
  /** Base64. */
  readonly root: string;
  readonly tiles: number;
  readonly continues?: string;
  readonly database?: { readonly sealed: string; readonly unsealed: number };
}

/** The sealed state, what was checked of it, and the verdict. */
export function verdict(cli: Cli, verified: Verified): string {
  const { good } = colours(cli, cli.stdout);
  const ok = good('OK');
  const { origin, key, size, root, tiles, continues, database } = verified;
  const lines = [
    `log        ${origin}   key ${key.slice(key.lastIndexOf('+') + 1)}  ${ok}`,
    `entries    ${count(size)} re-hashed -> root ${root}  ${ok}`,
    `tiles      ${count(String(tiles))} equal  ${ok}`,
  ];
  if (continues !== undefined)
    lines.push(`prefix of  ${count(continues)} (the sealed state that you kept)  ${ok}`);
  if (database !== undefined) {
    const newer = database.unsealed > 0 ? `  (${database.unsealed} newer, not sealed yet)` : '';
    lines.push(`database   ${count(database.sealed)} events equal, byte for byte  ${ok}${newer}`);
  }
  lines.push(`RESULT     ${good('PASS')}`);
  return `${lines.join('\n')}\n`;
}

export function failed(cli: Cli): string {
  return `RESULT     ${colours(cli, cli.stdout).bad('FAIL')}\n`;
}

/** 70003 is 70,003. */
function count(digits: string): string {
  return digits.replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
