import { SandboxError } from '../sandbox-error.js';
import { RISKS } from './stabler-channels.js';

// Read from the protocol page, not taken from `#snap`: as the other side of the proxy's tests,
// this store must not share the proxy's mistakes.

const NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9._-]{0,126}[a-zA-Z0-9])?$/;

/** Whether the first part names a track: without one, a snap's default track applies. */
export function namesTrack(channel: string): boolean {
  return !RISKS.includes(channel.split('/')[0] ?? '');
}

/**
 * A channel in full, track and risk always named: `edge` → `latest/edge`, `2.0` → `2.0/stable`.
 * @throws SandboxError `bad-request`
 */
export function fullChannel(channel: string, defaultTrack = 'latest'): string {
  const parts = channel.split('/');
  const [track = '', risk = 'stable', ...branch] = namesTrack(channel) ? parts : [defaultTrack, ...parts];
  const valid =
    NAME.test(track) && RISKS.includes(risk) && branch.length < 2 && branch.every((b) => NAME.test(b));
  if (!valid) throw new SandboxError('bad-request', `${JSON.stringify(channel)} is no channel`);
  return [track, risk, ...branch].join('/');
}

/** As a store's answers write it (protocol page §4.2): `latest/stable` → `stable`. */
export function shortChannel(full: string): string {
  return full.startsWith('latest/') ? full.slice('latest/'.length) : full;
}
