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

/** Of every route that may change something: one that is missing here fails the specs. */
export const SUCCESSES: HowItSucceeds = {
  ...CHANGES_OF_PEOPLE,
  ...CHANGES_OF_SECURITY_KEYS,
  ...CHANGES_OF_SINGLE_SIGN_ON,
  ...CHANGES_OF_REQUESTS,
  ...CHANGES_OF_THE_SITE,
  ...CHANGES_OF_REVIEWS,
};
