import { setTimeout as pause } from 'node:timers/promises';
import type { Reason } from '#kernel';
import type { Control } from '../../api/control.js';
import type { ChangeView } from '../../api/types.js';
import { CliError } from '../../cli-error.js';
import type { Invocation } from '../../invocation.js';
import { securityKeyPage } from '../security-key.js';

const LOOK_MS = 1_000;
const PATIENCE_MS = 15 * 60_000;

const MEANINGS = { approve: 'approved', reject: 'rejected' } as const;

/** What is to be signed, as it was shown. */
export interface Shown {
  readonly id: string;
  readonly digest: string;
  readonly meaning: 'approve' | 'reject';
  readonly reason: Reason;
}

/**
 * Says at which page the person signs with their key, and waits for the signature: by whom it is asked here, and over what was shown.
 * @throws CliError `security-keys-unavailable`, `signed-otherwise`, `not-signed-in-time`
 */
export async function signInBrowser(
  invocation: Invocation,
  control: Control,
  { id, digest, meaning, reason }: Shown,
): Promise<ChangeView> {
  const page = await securityKeyPage(control);
  const { id: me, login } = await control.me();
  const { code, text, ticket = '' } = reason;
  const wanted = new URLSearchParams({ [meaning]: id, digest, code, reason: text, ticket, login });
  const before = signaturesOf(await control.change(id), me, digest).length;
  invocation.say(
    `Sign in a browser, on the machine that your key is at if you use one:\n${page}#${wanted.toString()}`,
  );
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    const view = await control.change(id);
    const made = signaturesOf(view, me, digest).slice(before);
    if (made.some((each) => each.meaning === MEANINGS[meaning])) return view;
    const [other] = made;
    if (other)
      throw new CliError('signed-otherwise', `${id} is ${view.status}: you signed "${other.meaning}"`);
    await pause(LOOK_MS);
  }
  throw new CliError('not-signed-in-time', `nobody signed within a quarter of an hour: ${id} is as it was`);
}

function signaturesOf({ signatures }: ChangeView, signer: string, digest: string): ChangeView['signatures'] {
  return signatures.filter((each) => each.signer === signer && each.recordDigest === digest);
}
