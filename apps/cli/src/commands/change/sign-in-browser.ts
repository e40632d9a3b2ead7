import { setTimeout as pause } from 'node:timers/promises';
import type { Reason } from '#kernel';
import type { Control } from '../../api/control.js';
import { CliError } from '../../cli-error.js';
import type { Invocation } from '../../invocation.js';
import { securityKeyPage } from '../security-key.js';

const LOOK_MS = 1_000;
const PATIENCE_MS = 15 * 60_000;

/** What is to be signed, as it was shown. */
export interface Shown {
  readonly id: string;
  readonly digest: string;
  /** As the page's address names it. */
  readonly verb:
    | 'approve'
    | 'reject'
    | 'submit'
    | 'review-change'
    | 'review'
    | 'release'
    | 'ratify'
    | 'refuse-ratification';
  /** Of the signature that is waited for. */
  readonly meaning: string;
  readonly reason: Reason;
}

/** A record as control shows it, with its signatures. */
interface Signable {
  readonly status: string;
  readonly signatures: readonly {
    readonly signer: string;
    readonly meaning: string;
    readonly recordDigest: string;
  }[];
}

/**
 * Says at which page the person signs with their key, and waits for the signature: by whom it is asked here, and over what was shown.
 * @throws CliError `security-keys-unavailable`, `signed-otherwise`, `not-signed-in-time`
 */
export async function signInBrowser<View extends Signable>(
  invocation: Invocation,
  control: Control,
  { id, digest, verb, meaning, reason }: Shown,
  look: () => Promise<View>,
): Promise<View> {
  const page = await securityKeyPage(control);
  const { id: me, login } = await control.me();
  const { code, text, ticket = '' } = reason;
  const wanted = new URLSearchParams({ [verb]: id, digest, code, reason: text, ticket, login });
  const before = signaturesOf(await look(), me, digest).length;
  invocation.say(
    `Sign in a browser, on the machine that your key is at if you use one:\n${page}#${wanted.toString()}`,
  );
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    const view = await look();
    const made = signaturesOf(view, me, digest).slice(before);
    if (made.some((each) => each.meaning === meaning)) return view;
    const [other] = made;
    if (other)
      throw new CliError('signed-otherwise', `${id} is ${view.status}: you signed "${other.meaning}"`);
    await pause(LOOK_MS);
  }
  throw new CliError('not-signed-in-time', `nobody signed within a quarter of an hour: ${id} is as it was`);
}

function signaturesOf({ signatures }: Signable, signer: string, digest: string): Signable['signatures'] {
  return signatures.filter((each) => each.signer === signer && each.recordDigest === digest);
}
