/** A requirement on the service, and the paragraphs that ask for it. "11.10" is 21 CFR 11.10; "Annex 11" is that of the EU GMP guide. */
export interface Requirement {
  readonly id: string;
  readonly source: string;
  readonly text: string;
}

export interface Section {
  readonly title: string;
  readonly requirements: readonly Requirement[];
}

const requirement = (id: string, source: string, text: string): Requirement => ({ id, source, text });

/** What change control, signatures and access have to hold to. The words are ours; the sources are the regulations'. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'A. The trail',
    requirements: [
      requirement(
        'R01',
        '11.10(e), Annex 11',
        'Every command that changes something is an event of the trail',
      ),
      requirement(
        'R02',
        '11.10(e)',
        'What was recorded is never changed or removed: a correction is a new event',
      ),
      requirement(
        'R03',
        'Annex 11, PI 041-1',
        'Who, with which role, what from what to what, when, why, and by whose authority',
      ),
      requirement('R04', 'Annex 11', 'No change without a reason, through any door'),
      requirement('R05', 'Annex 11, MHRA', 'Nobody can switch the trail off, thin it out or purge it'),
      requirement('R06', '11.10(e)', 'Times are the server’s; a clock that jumps is recorded'),
      requirement('R07', 'PI 041-1', 'Times are shown in UTC and in the site’s zone'),
      requirement('R08', 'Annex 11', 'The trail is searched by who, what, when and why'),
      requirement('R09', '11.10(b)', 'Copies are complete, for people and for programs'),
      requirement(
        'R10',
        '11.10(c), Annex 11',
        'Records are kept as long as they must be, and read without the product',
      ),
      requirement('R11', 'Annex 11', 'A print shows what was changed since it was first entered'),
    ],
  },
  {
    title: 'B. Review of the trail',
    requirements: [
      requirement(
        'R12',
        'Annex 11, PI 041-1, MHRA',
        'That the trail was reviewed is a signed record: which range, by whom, what was found; none is left out, and the next one is due',
      ),
      requirement('R13', 'Annex 11', 'Nobody reviews what they did themself'),
      requirement(
        'R15',
        'Annex 11',
        'A ring may have a change wait until somebody independent has signed a review of its trail',
      ),
      requirement(
        'R16',
        'PI 041-1',
        'What a review finds leads to a record of the deviation, which is escalated while nobody closes it, and closed with what was done about it',
      ),
    ],
  },
  {
    title: 'C. Electronic signatures',
    requirements: [
      requirement('R17', '11.50(a)', 'A signature shows printed name, date and time, and meaning'),
      requirement(
        'R18',
        '11.50(b)',
        'These are part of the record, and of every form of it that people read',
      ),
      requirement('R19', '11.70', 'A signature is bound to the exact record, and good for no other'),
      requirement('R20', '11.100(a)', 'A person’s identity is theirs alone, and given to nobody again'),
      requirement(
        'R21',
        '11.100(b), (c)',
        'Somebody made sure of who a person is before they can sign; that these signatures bind as handwritten ones do is certified to the agency: a template',
      ),
      requirement(
        'R22',
        '11.200(a)(1)',
        'Signing takes two components: both at first and after a pause, the private one in between',
      ),
      requirement('R23', '11.200(a)(2), (3)', 'To sign as somebody else takes two people who work together'),
      requirement(
        'R24',
        '11.300',
        'Passwords age and are kept, guessing locks out, misuse is reported at once',
      ),
      requirement('R25', '11.10(f)', 'The steps of a change come in their order'),
      requirement(
        'R26',
        '11.10(g)',
        'Who may decide follows a policy, which is itself approved, and is stored with the decision',
      ),
      requirement('R27', '11.10(g), Annex 11', 'Nobody decides on their own work, by any way'),
    ],
  },
  {
    title: 'D. Access',
    requirements: [
      requirement(
        'R28',
        '11.10(d), Annex 11',
        'Accounts are personal, rights are the least needed, and who had which is told for any date',
      ),
      requirement(
        'R29',
        '11.10(h)',
        'Each proxy has a key of its own, and what is not signed with it is refused',
      ),
    ],
  },
  {
    title: 'E. Integrity',
    requirements: [
      requirement(
        'R30',
        '11.10(a)',
        'A record that was altered, removed, added or moved is told from a good one',
      ),
    ],
  },
  {
    title: 'F. Life cycle',
    requirements: [
      requirement(
        'R33',
        '11.10(a), GAMP 5',
        'Requirements, tests and results are traced, and an installation is checked against what was built',
      ),
      requirement('R34', '11.10(k)', 'The documents are those of the release'),
      requirement(
        'R35',
        '11.10(i), (j)',
        'Training and accountability: templates, and a gate where the site wants one',
      ),
      requirement('R36', 'Annex 11', 'A periodic review is a signed record'),
      requirement(
        'R37',
        'IEC TR 62443-2-3',
        'Of each update it is known whether it is applied, and if not, why',
      ),
      requirement('R38', 'CRA, Annex I', 'What is held back has an owner, a risk acceptance and an end'),
      requirement('R39', 'CRA, Annex I', 'Unauthorised access and damage are reported'),
    ],
  },
];

export const REQUIREMENTS: readonly Requirement[] = SECTIONS.flatMap(({ requirements }) => requirements);
