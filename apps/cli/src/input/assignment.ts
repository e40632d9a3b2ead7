import { CliError } from '../cli-error.js';
import type { OverrideItem } from '../api/types.js';

/**
 * `CHANNEL=REVISION`, as the Enterprise Store's override takes it: `stable=12`, `latest/stable=12`, `2.0/beta/fix-1=7`.
 * @throws CliError `usage`, saying what is wrong with it
 */
export function parseAssignment(snap: string, text: string): OverrideItem {
  const at = text.indexOf('=');
  if (at < 0) throw wrong(text, 'there is no "="; say for instance stable=12');
  const channel = parseChannelName(text.slice(0, at), text);
  const revision = text.slice(at + 1);
  if (/^x[1-9][0-9]*$/.test(revision)) {
    throw wrong(
      text,
      `${revision} is a revision that a device installed by hand; a store knows none of these`,
    );
  }
  if (!/^[1-9][0-9]{0,8}$/.test(revision)) {
    const hint = revision === '' ? '; to give the channel back to upstream, use delete-override' : '';
    throw wrong(text, `"${revision}" is not a revision, a whole number from 1${hint}`);
  }
  return { snap: snapName(snap), channel, revision: Number(revision) };
}

/** The channel alone, for delete-override. @throws CliError `usage` */
export function parseRelease(snap: string, channel: string): OverrideItem {
  return { snap: snapName(snap), channel: parseChannelName(channel, channel), revision: null };
}

const RISKS = ['stable', 'candidate', 'beta', 'edge'];
const NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9._]*[A-Za-z0-9])?$/;

/** What a person may mean is for the server to say; here only what cannot be a channel is refused, before anything is sent. */
function parseChannelName(channel: string, whole: string): string {
  const parts = channel.split('/');
  if (channel === '') throw wrong(whole, 'the channel is missing');
  if (parts.length > 3 || !parts.every((part) => NAME.test(part))) {
    throw wrong(whole, `"${channel}" is not a channel: track/risk/branch, of which the risk is enough`);
  }
  const risk = parts.length === 3 ? parts[1] : parts.find((part) => RISKS.includes(part));
  if (risk === undefined || !RISKS.includes(risk)) {
    throw wrong(whole, `"${channel}" names no risk: ${RISKS.join(', ')}`);
  }
  return channel;
}

/** @throws CliError `usage` */
export function snapName(snap: string): string {
  if (!/^[a-z0-9][-a-z0-9]{0,39}$/.test(snap) || !/[a-z]/.test(snap)) {
    throw new CliError('usage', `"${snap}" is not the name of a snap`);
  }
  return snap;
}

function wrong(text: string, why: string): CliError {
  return new CliError('usage', `"${text}": ${why}`);
}
