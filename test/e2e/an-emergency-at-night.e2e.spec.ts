import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TutorialPage } from '#test/support/tutorial-page';
import { FIRST_ADMIN, SIGNED, signingIn, TutorialSite } from '#test/support/tutorial-site';
import { type, typeUntil } from '#test/support/tutorial-typing';

const PEOPLE = ['ana', 'olga', 'ben', 'cyd'] as const;

let site: TutorialSite<(typeof PEOPLE)[number]>;
let page: TutorialPage;
let terminals: (typeof site)['terminals'];

beforeAll(async () => {
  site = await TutorialSite.of(PEOPLE);
  ({ terminals } = site);
  page = TutorialPage.read('docs/tutorials/an-emergency-at-night.md', site.replaced());
}, 120_000);
afterAll(() => site?.stop());

/** In the order of docs/tutorials/an-emergency-at-night.md. */
describe('R22, R26: an emergency at night, from the command line alone', { timeout: 120_000 }, () => {
  it('has people, who choose their passwords', async () => {
    const printed = await type(terminals.host, page.next('People'), FIRST_ADMIN);
    expect(printed.match(/^hfe_/gm)).toHaveLength(PEOPLE.length);
    await site.choosePasswords(printed, PEOPLE);
  });

  it('has a revision held, and somebody on call, by day', async () => {
    const hold = 'By day: hold a revision';
    await type(terminals.ana, page.next(hold), signingIn('ana'));
    await site.captured(terminals.ana, '0001');
    await type(terminals.ben, page.next(hold), [...signingIn('ben'), SIGNED]);
    const name = 'By day: say who is on call';
    await type(terminals.ana, page.next(name));
    await site.captured(terminals.ana, '0002');
    await type(terminals.ben, page.next(name), [SIGNED]);
    expect(await typeUntil(terminals.ana, page.next(name))).toContain('- olga');
  });

  it('is released by one, who is on call', async () => {
    const heading = 'At night: release';
    await type(terminals.olga, page.next(heading), [...signingIn('olga'), SIGNED]);
    await typeUntil(terminals.olga, page.next(heading));
    const refused = await type(terminals.olga, page.next(heading));
    expect(refused).not.toContain('waiting until');
  });

  it('is ratified by two, in the morning', async () => {
    const heading = 'In the morning: ratify';
    await typeUntil(terminals.ben, page.next(heading));
    await type(terminals.ben, page.next(heading), [SIGNED]);
    await type(terminals.cyd, page.next(heading), [...signingIn('cyd'), SIGNED]);
    const shown = await type(terminals.cyd, page.next(heading));
    expect(shown).not.toMatch(/^.* approved .*$/m);
  });

  it('may also be a halt, and resumes once that is approved', async () => {
    const halt = 'Another night: halt';
    await type(terminals.olga, page.next(halt));
    await typeUntil(terminals.olga, page.next(halt));
    const resume = 'And resume';
    await type(terminals.ana, page.next(resume));
    await site.captured(terminals.ana, '0004');
    await type(terminals.ben, page.next(resume), [SIGNED]);
    await typeUntil(terminals.ben, page.next(resume));
    expect(page.left()).toEqual([]);
  });
});
