import { SandboxError } from '../sandbox-error.js';
import { isRecord, parseActions, type Action } from './refresh-actions.js';

/** What `POST /v2/snaps/refresh` asks (protocol page §4.1), as far as this store answers to it. */
export interface RefreshRequest {
  /** By instance key. */
  readonly installed: ReadonlyMap<string, Installed>;
  readonly actions: readonly Action[];
  readonly fields: readonly string[] | undefined;
}

export interface Installed {
  /** That it follows. */
  readonly channel: string;
  readonly revision: number | undefined;
}

/** @throws SandboxError `bad-request` */
export function parseRefreshRequest(body: unknown): RefreshRequest {
  if (!isRecord(body)) throw new SandboxError('bad-request', 'the body must be a JSON object');
  const { context, fields } = body;
  if (!Array.isArray(context)) throw new SandboxError('bad-request', 'context must be a list');
  if (fields !== undefined && !isTexts(fields)) throw new SandboxError('bad-request', 'fields must be texts');
  const installed = new Map<string, Installed>();
  for (const each of context as unknown[]) {
    const key = isRecord(each) ? each['instance-key'] : undefined;
    if (!isRecord(each) || typeof key !== 'string') {
      throw new SandboxError('bad-request', 'every context needs an instance-key');
    }
    const { 'tracking-channel': channel, revision } = each;
    installed.set(key, {
      channel: typeof channel === 'string' && channel !== '' ? channel : 'stable',
      revision: typeof revision === 'number' ? revision : undefined,
    });
  }
  return { installed, actions: parseActions(body['actions']), fields };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
