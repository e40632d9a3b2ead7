import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TutorialPage } from '#test/support/tutorial-page';
import { FIRST_ADMIN, SIGNED, signedAtFirst, signingIn, TutorialSite } from '#test/support/tutorial-site';
import { type, typeUntil } from '#test/support/tutorial-typing';

const PEOPLE = ['ana', 'ben'] as const;

let site: TutorialSite<(typeof PEOPLE)[number]>;
let page: TutorialPage;

beforeAll(async () => {
  site = await TutorialSite.of(PEOPLE);
  const replaced = [...site.replaced(), ['8082', site.upstreamPort] as const];
  page = TutorialPage.read('docs/tutorials/first-override.md', replaced);
}, 120_000);
afterAll(() => site?.stop());

/** In the order of docs/tutorials/first-override.md. */
describe('the first override, from the command line alone', { timeout: 120_000 }, () => {
  it('has a site, and people, who choose their passwords', async () => {
    expect(page.next('Start').commands).toMatch(/^npx holdfast up --sandbox /m);
    const { host } = site.terminals;
    await site.choosePasswords(await type(host, page.next('People'), FIRST_ADMIN), PEOPLE);
  });

  it('is asked for by one, and decided on by another', async () => {
    const { ana, ben } = site.terminals;
    await type(ana, page.next('Ask'), signingIn('ana'));
    const asked = await typeUntil(ana, page.next('Ask'));
    const decided = await type(ben, page.next('Decide'), [...signingIn('ben'), ...signedAtFirst('ben')]);
    expect(digestIn(asked)).toBeDefined();
    expect(digestIn(decided)).toBe(digestIn(asked));
  });

  it('holds what it holds, whatever upstream releases', async () => {
    const { ana, ben } = site.terminals;
    const heading = 'Look';
    await typeUntil(ben, page.next(heading));
    expect(await type(ben, page.next(heading))).not.toContain('FAIL');
    await typeUntil(ben, page.next(heading));
    await type(ana, page.next(heading));
    await typeUntil(ana, page.next(heading));
  });

  it('is given back, once that is approved', async () => {
    const { ana, ben } = site.terminals;
    const heading = 'Give it back';
    await type(ana, page.next(heading));
    await site.captured(ana, '0002');
    await type(ben, page.next(heading), [SIGNED]);
    await typeUntil(ben, page.next(heading));
    expect(page.left()).toEqual([]);
  });
});

function digestIn(printed: string): string | undefined {
  return /^Digest: +(sha256:[0-9a-f]{64})$/m.exec(printed)?.[1];
}
