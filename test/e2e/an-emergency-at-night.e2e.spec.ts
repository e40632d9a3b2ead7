import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from '#test/support/authenticator';
import { TutorialPage } from '#test/support/tutorial-page';
import {
  FIRST_ADMIN,
  named,
  PASSWORD,
  SIGNED,
  signedAtFirst,
  signingIn,
  TutorialSite,
} from '#test/support/tutorial-site';
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
    await type(terminals.ben, page.next(hold), [...signingIn('ben'), ...signedAtFirst('ben')]);
    const name = 'By day: say who is on call';
    await type(terminals.ana, page.next(name));
    await site.captured(terminals.ana, '0002');
    await type(terminals.ben, page.next(name), [SIGNED]);
    expect(await typeUntil(terminals.ana, page.next(name))).toContain('- olga');
  });

  it('is released by one, who is on call', async () => {
    const heading = 'At night: release';
    await type(terminals.olga, page.next(heading), [...signingIn('olga'), ...signedAtFirst('olga')]);
    await typeUntil(terminals.olga, page.next(heading));
    const refused = await type(terminals.olga, page.next(heading));
    expect(refused).not.toContain('waiting until');
  });

  it('is ratified by two, in the morning', async () => {
    const heading = 'In the morning: ratify';
    await typeUntil(terminals.ben, page.next(heading));
    await type(terminals.ben, page.next(heading), [SIGNED]);
    await type(terminals.cyd, page.next(heading), [...signingIn('cyd'), ...signedAtFirst('cyd')]);
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

/** docs/how-to/recover-an-admin.md, on the site of that night: its only admin has lost everything; and somebody else becomes one too. */
describe(
  'R23: an admin comes back by host and two, from the command line alone',
  { timeout: 120_000 },
  () => {
    const heading = 'Bring an admin back, on the host';
    const newcomer = 'Somebody who was no admin';
    const asked = (login: string) => [['Password: ', PASSWORD], named(login)] as const;
    let recovery: TutorialPage;
    let first: string;
    let second: string;
    let carlas: string;

    it('is asked for with the proof of the host', async () => {
      recovery = TutorialPage.read(
        'docs/how-to/recover-an-admin.md',
        [
          ['sudo -u holdfast holdfast ', 'npx holdfast '],
          ['holdfast ', 'npx holdfast '],
          ['quinn', 'cyd'],
          ['ada', 'admin'],
        ],
        heading,
      );
      await type(terminals.host, recovery.next(heading));
      const printed = await type(terminals.olga, recovery.next(heading), [
        ...signingIn('olga'),
        ...asked('olga'),
      ]);
      first = partIn(printed, 'hfr');
      expect(printed).toContain('holdfast people confirm-recovery admin');
    });

    it('is asked for somebody who was no admin in the same way', async () => {
      const others = TutorialPage.read(
        'docs/how-to/recover-an-admin.md',
        [
          ['sudo -u holdfast holdfast ', 'npx holdfast '],
          ['holdfast people', 'npx holdfast people'],
        ],
        newcomer,
      );
      const [onHost = '', ...asking] = others.next(newcomer).commands.trim().split('\n');
      await terminals.host.run(onHost);
      carlas = partIn(await terminals.olga.run(asking.join('\n'), asked('olga')), 'hfr');
      expect(others.left()).toEqual([]);
    });

    it('is confirmed by another person, a day later and no sooner', async () => {
      const block = recovery.next(heading);
      const answers = [...signingIn('cyd'), ...asked('cyd')];
      await expect(terminals.cyd.run(block.commands, answers)).rejects.toThrow('have until');
      await site.setAhead(25);
      const printed = await type(terminals.cyd, block, answers);
      second = partIn(printed, 'hfe');
    });

    it('sets a password with both parts, and enrols a second component', async () => {
      const begun = terminals.host.begin(recovery.next(heading).commands);
      const typing = begun.toItsEnd([
        ['Enrolment secret: ', first + second],
        ...FIRST_ADMIN,
        ...asked('admin'),
        ['Code of your authenticator app: ', () => codeOf(begun.printed)],
      ]);
      expect(await typing).toContain('your second component is enrolled');
      expect(recovery.left()).toEqual([]);
    });

    it('is somebody else as well, who had no login, and shows who made sure of whom it is', async () => {
      const confirm = `npx holdfast people confirm-recovery carla --reason "badge 12 seen, it is Carla"`;
      const other = partIn(await terminals.cyd.run(confirm, asked('cyd')), 'hfe');
      const begins = ['password', 'login', 'people show'].map((verb) => `npx holdfast ${verb} carla`);
      const shown = await terminals.host.run(begins.join('\n'), [
        ['Enrolment secret: ', carlas + other],
        ['New password: ', PASSWORD],
        ['Again: ', PASSWORD],
        ...signingIn('carla'),
      ]);
      expect(shown).toMatch(/^Name: +Carla Roth$/m);
      expect(shown).toMatch(/^Roles: +admin$/m);
      expect(shown).toMatch(/^Verified by: +badge 12 seen by Olga Ruiz$/m);
    });
  },
);

/** One of the two parts that are told, `hfr_…` and `hfe_…`. */
function partIn(printed: string, prefix: 'hfr' | 'hfe'): string {
  const [part] = new RegExp(`^${prefix}_\\S+$`, 'm').exec(printed) ?? [];
  if (part === undefined) throw new Error(printed);
  return part;
}

/** By the servers' clock, a day and an hour ahead. @param printed with the secret of the app */
function codeOf(printed: string): string {
  const secret = /^[A-Z2-7]{16,}$/m.exec(printed)?.[0] ?? '';
  return new Authenticator(secret).codeAt(new Date(Date.now() + 25 * 3_600_000).toISOString());
}
