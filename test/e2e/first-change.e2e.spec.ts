import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TutorialPage } from '#test/support/tutorial-page';
import { FIRST_ADMIN, SIGNED, signedAtFirst, signingIn, TutorialSite } from '#test/support/tutorial-site';
import { type, typeUntil } from '#test/support/tutorial-typing';

const PEOPLE = ['ana', 'ben', 'cyd', 'olga'] as const;

let site: TutorialSite<(typeof PEOPLE)[number]>;
let page: TutorialPage;

beforeAll(async () => {
  site = await TutorialSite.of(PEOPLE);
  page = TutorialPage.read('docs/tutorials/first-change.md', site.replaced());
}, 120_000);
afterAll(() => site?.stop());

/** In the order of docs/tutorials/first-change.md. */
describe('R25, R26: a change from draft to closed, from the command line alone', { timeout: 120_000 }, () => {
  it('has people, and a ring that asks for two of them', async () => {
    const { host, ana, ben } = site.terminals;
    await site.choosePasswords(await type(host, page.next('People'), FIRST_ADMIN), PEOPLE);
    const heading = 'Two signatures';
    await type(ana, page.next(heading), signingIn('ana'));
    await site.captured(ana, '0001');
    await type(ben, page.next(heading), [...signingIn('ben'), ...signedAtFirst('ben')]);
    expect(await typeUntil(ana, page.next(heading))).toContain('qa: 1');
  });

  it('is drafted, talked over, revised, submitted and captured', async () => {
    const { ana, olga } = site.terminals;
    const heading = 'Draft it';
    await type(ana, page.next(heading));
    await type(olga, page.next(heading), signingIn('olga'));
    await type(ana, page.next(heading));
    await type(ana, page.next(heading));
    const shown = await typeUntil(ana, page.next('It is captured'));
    expect(shown).toMatch(/Olga Ruiz: revision 2 is not tested/);
  });

  it('is read, and signed by two who are not its author', async () => {
    const { ana, ben, cyd } = site.terminals;
    const reading = 'What am I approving?';
    await type(ben, page.next(reading));
    await type(ben, page.next(reading));
    const heading = 'Sign it, twice';
    await type(ben, page.next(heading), [SIGNED]);
    const refused = await type(ana, page.next(heading), signedAtFirst('ana'));
    expect(refused).not.toContain('approved\n');
    await type(cyd, page.next(heading), [...signingIn('cyd'), ...signedAtFirst('cyd')]);
  });

  it('takes effect, is verified and closed', async () => {
    const { ana, cyd, olga } = site.terminals;
    await typeUntil(ana, page.next('It takes effect'));
    await type(olga, page.next('Verify it'));
    expect(await type(cyd, page.next('Close it'))).not.toMatch(/^needed: /m);
  });

  it('stands in the trail, of which nothing was altered', async () => {
    const { cyd } = site.terminals;
    const trail = await type(cyd, page.next('Read the trail'));
    expect(trail.match(/^[0-9]+ /gm)).toHaveLength(12);
    expect(await type(cyd, page.next('Read the trail'))).not.toContain('FAIL');
  });

  it('may wait for its time, and be recalled until then', async () => {
    const { ana, ben, cyd, olga } = site.terminals;
    const heading = 'At a time of your choosing';
    await type(ana, page.next(heading));
    await site.captured(ana, '0003');
    await type(ben, page.next(heading), [SIGNED]);
    await type(cyd, page.next(heading), [SIGNED]);
    await type(olga, page.next(heading));
    expect(page.left()).toEqual([]);
  });
});
