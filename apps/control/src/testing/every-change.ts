import type { Asked } from '#test/support/control-under-test';
import { CHANGES_OF_PEOPLE } from './changes-of-people.js';
import { CHANGES_OF_REQUESTS } from './changes-of-requests.js';
import { CHANGES_OF_REVIEWS } from './changes-of-reviews.js';
import { CHANGES_OF_SECURITY_KEYS } from './changes-of-security-keys.js';
import { CHANGES_OF_SINGLE_SIGN_ON } from './changes-of-single-sign-on.js';
import { CHANGES_OF_THE_SITE } from './changes-of-the-site.js';
import type { Stage } from './stage.js';

/** A request that succeeds. */
export interface Success extends Asked {
  readonly url: string;
}

/** By route, as the OpenAPI document names it: sets up what it takes, and says what succeeds. */
export type HowItSucceeds = Readonly<Record<string, (stage: Stage) => Promise<Success>>>;

const KNOWN: HowItSucceeds = {
  ...CHANGES_OF_PEOPLE,
  ...CHANGES_OF_SECURITY_KEYS,
  ...CHANGES_OF_SINGLE_SIGN_ON,
  ...CHANGES_OF_REQUESTS,
  ...CHANGES_OF_THE_SITE,
  ...CHANGES_OF_REVIEWS,
};

/** Of every route that may change something: one that is missing here fails the specs. */
export const SUCCESSES: HowItSucceeds = Object.fromEntries(
  Object.entries(KNOWN).map(([route, how]) => [route, async (stage) => named(stage, await how(stage))]),
);

/** Whoever proves anew who they are, and has no second component, gives their login beside the password. */
function named(stage: Stage, success: Success): Success {
  const { password, code, securityKey } = (success.body ?? {}) as Readonly<Record<string, unknown>>;
  if (
    success.token === undefined ||
    password === undefined ||
    code !== undefined ||
    securityKey !== undefined
  )
    return success;
  const [login] = [...stage.sessions].find(([, token]) => token === success.token) ?? [];
  return { ...success, body: { login, ...(success.body as object) } };
}
