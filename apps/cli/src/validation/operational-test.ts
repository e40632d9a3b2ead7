import type { Reason } from '#kernel';
import type { Control } from '../api/control.js';
import { ProblemError } from '../api/problem.js';

export interface Step {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  readonly passed: boolean;
}

/** What it does to the site, to be said before it is done. */
export const LEAVES =
  'The operational test leaves one change request in the record: drafted for the ring default and withdrawn by you, never submitted. No device gets anything of it.';

/** No snap has such a name at a store: nothing would come of it, were it ever submitted. */
const NO_SNAP = 'holdfast-operational-test';

/**
 * Real commands at the site itself, by the person who is signed in and is an author. Each step says what it found; what goes wrong is a step that
 * failed, and the ones behind it are done as far as they can be.
 */
export async function operationalTest(
  control: Control,
  stranger: Control,
  reason: Reason,
): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const step = async (what: string, expected: string, look: () => Promise<string>): Promise<void> => {
    const found = await look().catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    steps.push({ what, expected, found, passed: found === expected });
  };
  await step('The history is there, and its read models follow it', 'a position, none behind', async () => {
    const { position, projections } = await control.status();
    const behind = projections.filter(({ lag }) => lag !== '0').map(({ name }) => name);
    return position === null
      ? 'no event'
      : behind.length === 0
        ? 'a position, none behind'
        : `behind: ${behind.join(', ')}`;
  });
  await step('Who is not signed in is refused', 'not-signed-in', () => refusal(() => stranger.status()));
  await step('A command without a reason is refused', 'reason-required or invalid-request', async () => {
    const code = await refusal(() => control.draftChange({ ...ASKED, reason: { code: 'other', text: ' ' } }));
    return ['reason-required', 'invalid-request'].includes(code)
      ? 'reason-required or invalid-request'
      : code;
  });
  let id = '';
  await step('A change request is drafted by its author', 'drafted', async () => {
    const drafted = await control.draftChange({ ...ASKED, reason });
    id = drafted.id;
    return drafted.status;
  });
  if (id === '') return steps;
  await step('It is withdrawn', 'withdrawn', async () => {
    await control.withdrawChange(id, reason);
    return (await control.change(id)).status;
  });
  await step(
    'Both are in the record, with who and why, in their order',
    'ChangeDrafted, ChangeWithdrawn',
    async () => {
      const { events } = await control.audit({ stream: `change-request/${id}` });
      const told = events.filter(
        (event) => event.reason.text === reason.text && event.actor.kind === 'person',
      );
      return told.map(({ type }) => type).join(', ');
    },
  );
  return steps;
}

const ASKED = {
  ring: 'default',
  items: [{ snap: NO_SNAP, channel: 'latest/stable', revision: 1 }],
  submit: false,
} as const;

/** The code of a refusal; `done` where it was none. */
async function refusal(ask: () => Promise<unknown>): Promise<string> {
  try {
    await ask();
    return 'done';
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
}
