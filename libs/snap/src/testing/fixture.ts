import { readFileSync } from 'node:fs';

/** A file of libs/snap/fixtures: a recorded assertion or request, exactly as it was on the wire. The assertions are signed by snapd's published test root. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../../fixtures/${name}`, import.meta.url));
}
