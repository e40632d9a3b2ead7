/** A procedure of a site, to be completed: what the product does in it is said, who does what is not. */
export interface Procedure {
  readonly file: string;
  readonly title: string;
  readonly steps: readonly string[];
}

export const PROCEDURES: readonly Procedure[] = [
  {
    file: 'change.md',
    title: 'Changes of what devices get',
    steps: [
      'Who may ask for a change, and what a request has to say: ____________________',
      'The author asks with `holdfast override` or a policy file; the record names the reason and the ticket.',
      'The worker captures exactly what is asked for; `holdfast change show ID` shows it, with what changes and for which devices.',
      'What an approver looks at before signing, and where it is written down: ____________________',
      'Approvers sign with password and second component, or with login and password where the site allows that (`second-component`); how many, and in which roles, each ring says (`holdfast approval-policy show RING`).',
      'Rings in their order, with how much time between: ____________________',
      'Who verifies on which devices that it works (`holdfast change verify`), and who of QA closes the request (`holdfast change close`): ____________________',
    ],
  },
  {
    file: 'review.md',
    title: 'Reviews of the trail and of holds',
    steps: [
      'How often the trail is reviewed, and by whom, who takes no part in changes: ____________________',
      '`holdfast review trail` begins at the position where the last one ended; `holdfast audit list` shows its events: refusals, lock-outs and alarms first. `holdfast review sign` signs that it was reviewed.',
      '`holdfast verify` of the ledger, with the sealed state kept from the last review: ____________________',
      '`holdfast holds list` of each ring: what is newer upstream, whose risk, until when.',
      'Where the result is signed, and what follows on a finding: ____________________',
    ],
  },
  {
    file: 'access.md',
    title: 'People and their rights',
    steps: [
      'Who makes sure of a new person, and how (it stands in the record): ____________________',
      'Roles are granted with a reason, those that sign by two people; `holdfast people list` lists them.',
      'A leaver: `holdfast people leaves LOGIN` shows what there is of them; with `--yes` it disables them, revokes their tokens and hands their drafts over. Their holds, and what they submitted, are for: ____________________',
      'How often rights are reviewed, and by whom: ____________________ (`holdfast review access` lists them, and is signed by two of QA; `holdfast people list --at TIME` shows those of a time.)',
      'Nobody leaves a terminal with a session open: its screen is locked after ____ minutes, and a session in which nothing is asked is over after the minutes of the setting session-idle-minutes (`holdfast config`); this site’s value, and why: ____________________',
      'A lost password or component: reset by two people, who made sure of the person: ____________________',
    ],
  },
  {
    file: 'backup.md',
    title: 'Backup and restore',
    steps: [
      'How often `holdfast backup` runs, to where, and for which recipients: ____________________',
      'Who holds the keys of recipients, and where: ____________________',
      'Every backup is verified with `holdfast backup verify`; who looks at the result: ____________________',
      'A restore is rehearsed every ____ months, on: ____________________',
      'How long backups and the ledger are kept: ____________________',
    ],
  },
  {
    file: 'emergency.md',
    title: 'Emergencies',
    steps: [
      'Who may halt (role operator), and how they are reached at night: ____________________',
      '`holdfast halt RING`, or `holdfast halt SNAP` in every ring or one (`--ring`), with a reason: at once, by one person.',
      'Who is told, by which sink, and who decides what follows: ____________________',
      'An emergency change is released by who is on call and ratified by two within the time that the ring says: who they are: ____________________',
      'Resuming takes a change request. Who reviews the emergency afterwards, and when: ____________________',
    ],
  },
  {
    file: 'training.md',
    title: 'Training of who uses the system',
    steps: [
      'Which documents each role is trained in (`documents.md` has those of this release), and by whom: ____________________',
      'What shows that the training was understood, and where that is kept: ____________________',
      '`holdfast people trained LOGIN ROLE` records it, with document, version and until when it counts; `holdfast people list` lists people.',
      'Where the site wants a gate, the approval policy of a ring asks for it (`holdfast approval-policy show RING`): who is not trained, or no longer, does not sign there. Rings that have it: ____________________',
      'When training is repeated: with each release whose documents differ, and every ____ months: ____________________',
      'The training of who develops, installs and maintains the system at the site: ____________________',
    ],
  },
  {
    file: 'accountability.md',
    title: 'Accountability for what is signed',
    steps: [
      'Each person signs for what they do under their electronic signature as for what they sign by hand. They confirm that in writing, before they get a role that signs; where that is kept: ____________________',
      'Passwords, authenticator apps and security keys are one person’s, lent to nobody and written down nowhere.',
      'Whoever signs looks at the record first: `holdfast change show ID`. What they answer for by each meaning (authored, reviewed, approved, rejected, released, released-by-template, ratified, ratification-refused; of a review: reviewed, trail-reviewed): ____________________',
      'A component that is lost, or known to somebody else, is reported at once, to: ____________________; it is reset by two people.',
      'What was signed in error is not removed: whoever finds it reports it to: ____________________, and it is corrected by a new record with a reason.',
      'Lock-outs and other signs of misuse reach the sinks that are about alarms; who looks into them, and when: ____________________',
      'What follows where somebody signed in the name of another, or let them: ____________________',
    ],
  },
];

export function procedureText({ title, steps }: Procedure): string {
  const list = steps.map((step, i) => `${i + 1}. ${step}`).join('\n');
  return `# ${title}\n\nA template: the blanks are the site's, and so is everything that is missing.\n\n| version | valid from | author | approved by |\n| --- | --- | --- | --- |\n| | | | |\n\n${list}\n`;
}
