import path from 'node:path';
import { packageFolder } from '#platform/version';

export type ServerName = 'control' | 'worker' | 'projector' | 'proxy' | 'sandbox-store';

/** The built program of a server. */
export function programOf(server: ServerName): string {
  return path.join(packageFolder(import.meta.dirname), 'dist/apps', server, 'src/main.js');
}
