import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STATUSES as EVERY_STATUS } from '#release-control/domain/change-request/state';
import { EXAMPLES } from './testing/whole-api/examples.js';
import { LiveSite } from './testing/whole-api/live-site.js';
import { Reached } from './testing/whole-api/reached.js';
import { ROUTES } from './testing/whole-api/routes.js';
import { Run } from './testing/whole-api/run.js';
import { FLAWS, script, type Script } from './testing/whole-api/steps.js';
import { STATUSES } from './testing/whole-api/world.js';

/** By which the same histories come each time; with the {@link EXAMPLES}, they come to everything. */
const SEED = 1;
/** Of the others: what was not tried by then is tried another time. */
const LIMIT_MS = 15_000;

/** Why something was refused: each is met at least once. */
const REFUSALS = [
  'admin-required',
  'already-signed',
  'author-cannot-approve',
  'author-cannot-verify',
  'not-a-recaller',
  'not-a-verifier',
  'not-allowed-in-status',
  'not-an-approver',
  'not-an-author',
  'not-an-emergency',
  'not-on-call',
  'not-signed-in',
  'not-pre-authorised',
  'not-supersedable',
  'not-the-author',
  'operator-required',
  'own-emergency',
  'own-pre-authorisation',
  'releaser-cannot-ratify',
  'too-early',
  'too-late',
  'verifier-cannot-close',
];

let site: LiveSite;
beforeAll(async () => {
  site = await LiveSite.open();
}, 60_000);
afterAll(() => site?.end());

async function run(reached: Reached, { rules, steps }: Script): Promise<void> {
  const history = new Run(site, await site.prepared(rules), reached);
  for (const each of steps) await history.do(each);
  await history.end();
}

describe('R25, R27: whatever people of whatever roles ask of the API, in whatever order', () => {
  it('R25: knows each status that there is', () => {
    expect(STATUSES.toSorted()).toEqual(EVERY_STATUS.toSorted());
  });

  it('R25: no state is reached that the life cycle does not have, nobody decides on their own work, and a refusal leaves nothing', async () => {
    const reached = new Reached();
    const property = fc.asyncProperty(script, (each) => run(reached, each));
    await fc.assert(property, {
      seed: SEED,
      examples: EXAMPLES.map((each) => [each]),
      numRuns: 33,
      endOnFailure: true,
    });
    reached.assertAll([
      'halt',
      ...STATUSES.map((status) => `status ${status}`),
      ...FLAWS.map((flaw) => `flaw ${flaw}`),
      ...ROUTES.map((route) => `route ${route}`),
      ...REFUSALS.map((code) => `refused ${code}`),
    ]);
  }, 600_000);

  it('R25: nor in histories that are others each time', async () => {
    const until = Date.now() + LIMIT_MS;
    const property = fc.asyncProperty(script, async (each) => {
      if (Date.now() < until) await run(new Reached(), each);
    });
    await fc.assert(property, { numRuns: 40, endOnFailure: true });
  }, 600_000);
});
