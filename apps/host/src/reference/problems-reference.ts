import { NOTIFICATION_PROBLEMS } from '#platform/problems/notification-problems';
import type { ProblemKind } from '#platform/problems/problem-kind';
import { PROBLEMS } from '#platform/problems/problem-table';
import { PROBLEMS_OF_PEOPLE } from '#platform/problems/problems-of-people';
import { PROBLEMS_OF_REVIEWS } from '#platform/problems/problems-of-reviews';
import { ATTACHMENT_PROBLEMS, TICKET_PROBLEMS } from '#platform/problems/ticket-problems';

type Problems = Readonly<Record<string, ProblemKind>>;

const SUBJECTS: readonly (readonly [heading: string, problems: Problems])[] = [
  ['People, sessions, tokens and credentials', PROBLEMS_OF_PEOPLE],
  ['Reviews', PROBLEMS_OF_REVIEWS],
  ['Tickets of other systems', TICKET_PROBLEMS],
  ['Attachments', ATTACHMENT_PROBLEMS],
  ['Sinks', NOTIFICATION_PROBLEMS],
];

/** Every problem type, by what refuses with it. The same bytes for the same table. */
export function problemsReference(): string {
  const named = new Set(SUBJECTS.flatMap(([, problems]) => Object.keys(problems)));
  const rest = Object.fromEntries(Object.entries(PROBLEMS).filter(([code]) => !named.has(code)));
  return `# Problem types

Generated (\`npm run generate\`). What a refusal's \`code\` says ([RFC 9457](rest.md): \`type\` is \`urn:holdfast:problem:\` and the code), with the status that it is answered with, its title, and the [exit code](exit-codes.md) of the command line. A code keeps its meaning; a client takes those that it does not know by their status. Where a number of seconds stands, \`Retry-After\` says it.

${[...SUBJECTS, ['Requests, changes, and all the rest', rest] as const].map(([heading, problems]) => section(heading, problems)).join('\n')}`;
}

function section(heading: string, problems: Problems): string {
  const rows = Object.entries(problems).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = rows.map(([code, { status, title, exitCode, retryAfter }]) => {
    return `| \`${code}\` | ${status} | ${title} | ${exitCode} | ${retryAfter ?? ''} |`;
  });
  return `## ${heading}\n\n| code | status | title | exit code | ask again after |\n| --- | --- | --- | --- | --- |\n${lines.join('\n')}\n`;
}
