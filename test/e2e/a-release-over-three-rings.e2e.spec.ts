import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrowserWithKey } from '#test/support/browser-with-key';
import { TutorialPage, type Block } from '#test/support/tutorial-page';
import {
  FIRST_ADMIN,
  named,
  PASSWORD,
  signedAtFirst,
  signingIn,
  TutorialSite,
} from '#test/support/tutorial-site';
import { printedAsSaid, type, typeUntil } from '#test/support/tutorial-typing';

const PEOPLE = ['ana', 'ben', 'olga', 'cyd', 'quinn'] as const;

let site: TutorialSite<(typeof PEOPLE)[number]>;
let page: TutorialPage;
let reviews: TutorialPage;
let browser: BrowserWithKey;

beforeAll(async () => {
  site = await TutorialSite.of(PEOPLE);
  page = TutorialPage.read('docs/tutorials/a-release-over-three-rings.md', site.replaced());
  const { host } = new URL(site.controlForBrowsers);
  const [, year] = site.replaced();
  reviews = TutorialPage.read('docs/tutorials/the-yearly-reviews.md', [
    ['localhost:8080', host],
    ...(year ? [year] : []),
  ]);
  browser = new BrowserWithKey(site.controlForBrowsers, 'quinn', PASSWORD);
}, 120_000);
afterAll(() => site?.stop());

/** In the order of docs/tutorials/a-release-over-three-rings.md. */
describe('R25, R26: a release over three rings, from the command line alone', { timeout: 120_000 }, () => {
  it('has people, and rings', async () => {
    const { host, olga } = site.terminals;
    await site.choosePasswords(await type(host, page.next('People'), FIRST_ADMIN), PEOPLE);
    const printed = await type(olga, page.next('Three rings'), signingIn('olga'));
    expect(printed).toMatch(/^canary[^]*^pilot[^]*^default/m);
  });

  it('is planned, captured, and signed once', async () => {
    const { ana, ben } = site.terminals;
    await type(ana, page.next('Plan it'), signingIn('ana'));
    expect(await typeUntil(ana, page.next('Plan it'))).not.toContain('in-force');
    await type(ben, page.next('Sign it, once'), [...signingIn('ben'), ...signedAtFirst('ben')]);
    await typeUntil(ben, page.next('Sign it, once'));
  });

  it('waits for its time in the first ring, and for whoever verifies it there', async () => {
    const { olga } = site.terminals;
    const heading = 'Verify it in the first ring';
    expect(await type(olga, page.next(heading))).not.toContain('waits for a verification');
    await site.setAhead(1);
    await type(olga, page.next(heading), signingIn('olga'));
    await typeUntil(olga, page.next(heading));
  });

  it('waits while a ring is halted, and goes on once that is approved', async () => {
    const { ana, ben, olga } = site.terminals;
    const halt = 'Halt it';
    await type(olga, page.next(halt));
    expect(await type(olga, page.next(halt))).not.toContain('"revision":2');
    const resume = 'Resume it';
    await type(ana, page.next(resume), signingIn('ana'));
    await site.captured(ana, '0002');
    await type(ben, page.next(resume), [...signingIn('ben'), ...signedAtFirst('ben')]);
    await typeUntil(ben, page.next(resume));
  });

  it('is verified in each ring, and closed', async () => {
    const { cyd, olga } = site.terminals;
    const last = 'Verify it there, too';
    await type(olga, page.next(last));
    await typeUntil(olga, page.next(last));
    await type(olga, page.next('Close it'));
    const closed = await type(cyd, page.next('Close it'), signingIn('cyd'));
    expect(closed).not.toMatch(/^needed: /m);
    expect(page.left()).toEqual([]);
  });
});

/** Types what prints a page's address and waits, and does at that page what is to be done there. */
async function typeAtPage(block: Block, there: (page: string) => Promise<void>): Promise<string> {
  const begun = site.terminals.quinn.begin(block.commands);
  const address = /^http:\/\/\S+\/security-key#\S+$/m;
  await begun.until(address);
  await there(address.exec(begun.printed)?.[0] ?? '');
  return printedAsSaid(await begun.toItsEnd([]), block);
}

/** In the order of docs/tutorials/the-yearly-reviews.md, on the site of the release. */
describe('R28, R36, R12: the yearly reviews, from the command line alone', { timeout: 120_000 }, () => {
  it('have a reviewer with a security key', async () => {
    const { quinn } = site.terminals;
    const heading = 'A security key';
    expect(reviews.next(heading).commands).toContain(`=${site.controlForBrowsers} npx holdfast up`);
    await type(quinn, reviews.next(heading), signingIn('quinn'));
    await browser.enrol();
    expect(await typeAtPage(reviews.next(heading), (page) => browser.handOver(page))).toContain('until');
  });

  it('read the trail, which nobody signs who acted in it', async () => {
    const { cyd, quinn } = site.terminals;
    const heading = 'The trail';
    await type(quinn, reviews.next(heading));
    await type(quinn, reviews.next(heading));
    const refused = await type(cyd, reviews.next(heading), [['as trail-reviewed: ', PASSWORD], named('cyd')]);
    expect(refused).not.toContain('completed');
    await typeAtPage(reviews.next(heading), (page) => browser.signReview(page));
  });

  it('look at who may do what, by two', async () => {
    const { cyd, quinn } = site.terminals;
    const heading = 'Who may do what';
    await type(cyd, reviews.next(heading));
    await type(quinn, reviews.next(heading));
    const asked = await type(cyd, reviews.next(heading), [['as reviewed: ', PASSWORD]]);
    expect(asked).not.toContain('completed');
    await typeAtPage(reviews.next(heading), (page) => browser.signReview(page));
  });

  it('look at the period', async () => {
    const { cyd } = site.terminals;
    const printed = await type(cyd, reviews.next('The period'), [['as reviewed: ', PASSWORD]]);
    expect(printed).not.toContain('FAIL');
    await type(cyd, reviews.next('The period'));
  });

  it('are checked without the product', async () => {
    const { host, quinn } = site.terminals;
    const heading = 'Check it without Holdfast';
    await type(quinn, reviews.next(heading));
    await type(host, reviews.next(heading));
    expect(await type(host, reviews.next(heading))).not.toContain('WRONG');
    expect(await type(host, reviews.next(heading))).not.toContain(': root ');
    expect(reviews.left()).toEqual([]);
  });
});
