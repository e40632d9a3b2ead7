import { SandboxError } from '../sandbox-error.js';
import { isRecord, parseActions, type Action } from './refresh-actions.js';

/** What `POST /v2/snaps/refresh` asks (protocol page §4.1), as far as this store answers to it. */
export interface RefreshRequest {
  /** The channel that each installed snap follows, by instance key. */
  readonly tracking: ReadonlyMap<string, string>;
  readonly actions: readonly Action[];
  readonly fields: readonly string[] | undefined;
}

/** @throws SandboxError `bad-request` */
export function parseRefreshRequest(body: unknown): RefreshRequest {
  if (!isRecord(body)) throw new SandboxError('bad-request', 'the body must be a JSON object');
  const { context, fields } = body;
  if (!Array.isArray(context)) throw new SandboxError('bad-request', 'context must be a list');
  if (fields !== undefined && !isTexts(fields)) throw new SandboxError('bad-request', 'fields must be texts');
  const tracking = new Map<string, string>();
  for (const installed of context as unknown[]) {
    const key = isRecord(installed) ? installed['instance-key'] : undefined;
    if (!isRecord(installed) || typeof key !== 'string') {
      throw new SandboxError('bad-request', 'every context needs an instance-key');
    }
    const channel = installed['tracking-channel'];
    tracking.set(key, typeof channel === 'string' && channel !== '' ? channel : 'stable');
  }
  return { tracking, actions: parseActions(body['actions']), fields };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
