import { existsSync } from 'node:fs';
import path from 'node:path';

export type ServerName = 'control' | 'worker' | 'projector' | 'proxy' | 'sandbox-store';

/** The built program of a server. */
export function programOf(server: ServerName): string {
  return path.join(packageFolder(import.meta.dirname), 'dist/apps', server, 'src/main.js');
}

function packageFolder(folder: string): string {
  return existsSync(path.join(folder, 'package.json')) ? folder : packageFolder(path.dirname(folder));
}
