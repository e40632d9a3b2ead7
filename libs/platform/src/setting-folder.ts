import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { ConfigError } from './config.js';

/** Answers of the file system that say that the setting is wrong, not that a disk is ill. */
const WRONG = new Set([
  'EACCES',
  'EEXIST',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTDIR',
  'EPERM',
  'EROFS',
]);

/**
 * Makes a folder that a setting names, with what leads to it, if it is not there, and sees that it can be written to.
 * @throws ConfigError, naming the setting, when that cannot be
 */
export async function makeSettingFolder(variable: string, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw refusedBy(variable, folder, error);
  }
}

/** The same for what else is done with a path that a setting names. @returns `error` itself, when it is not the setting's fault */
export function refusedBy(variable: string, folder: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!WRONG.has(code)) return error;
  return new ConfigError([`${variable} is ${JSON.stringify(folder)}: it cannot be used (${code}).`]);
}
