import { basename } from 'node:path';

export const OWN_NAME = 'holdfast';

/** Names of the Snap Store Proxy, under which this program is installed too, so that scripts find what they call. */
export const OLD_NAMES = ['snap-proxy', 'snap-store-proxy', 'enterprise-store'] as const;

/** What the program was called by: its own name, unless it is one of the old ones. @param path the program's, as the process was given it */
export function calledBy(path: string | undefined): string {
  const name = basename(path ?? '');
  return OLD_NAMES.find((old) => old === name) ?? OWN_NAME;
}
