import { afterAll, beforeAll, expect, it } from 'vitest';
import { Stage } from '#apps/control/src/testing/stage';
import { ControlUnderTest } from '#test/support/control-under-test';
import { Control } from '../api/control.js';
import { operationalTest } from './operational-test.js';

const reason = { code: 'validation', text: 'validation of the new version' };

let stage: Stage;
let url: string;
beforeAll(async () => {
  stage = await Stage.set(await ControlUnderTest.start());
  url = await stage.control.listen();
});
afterAll(() => stage.end());

/** Whoever asks sees what was done before. */
const asking = (token?: string) =>
  new Control(url, token, undefined, async (...request) => {
    await stage.projector.catchUp();
    return fetch(...request);
  });

it('R33: the operational test passes at a site that works, and leaves what it says that it leaves', async () => {
  const steps = await operationalTest(asking(stage.token('ana')), asking(), reason);
  expect(steps.filter(({ passed }) => !passed)).toEqual([]);
  expect(steps).toHaveLength(6);
  const { changeRequests } = (
    await stage.control.ask('GET', '/v1/change-requests', { token: stage.token('ana') })
  ).json as { changeRequests: readonly { readonly status: string }[] };
  expect(changeRequests.map(({ status }) => status)).toEqual(['withdrawn']);
});

it('fails, step by step, for who may not ask for changes', async () => {
  const steps = await operationalTest(asking(stage.token('ben')), asking(), reason);
  expect(steps.filter(({ passed }) => !passed).map(({ what }) => what)).toEqual([
    'A change request is drafted by its author',
  ]);
});
