import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Of this Holdfast, as its package.json says. */
export function version(): string {
  const text = readFileSync(path.join(packageFolder(import.meta.dirname), 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** The nearest folder with a package.json, from `folder` upwards. */
export function packageFolder(folder: string): string {
  return existsSync(path.join(folder, 'package.json')) ? folder : packageFolder(path.dirname(folder));
}
