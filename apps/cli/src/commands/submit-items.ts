import type { Access, ChangeDraft, Item, PlannedStage } from '../api/types.js';
import { reasonOf, type ReasonOptions } from '../input/reason.js';
import { requestOf, type RequestOptions } from '../input/request-options.js';
import type { Invocation } from '../invocation.js';
import { inForceLine, shortChannel } from '../output/overrides.js';
import { shown } from '../output/table.js';
import { submitOrDraft } from './drafted-to-sign.js';
import { waitText } from '../output/waits.js';

export interface SubmitOptions extends ReasonOptions, RequestOptions {
  readonly ring: string;
  /** The digest of the ring's policy that the items were thought of for. */
  readonly ifPolicy?: string;
  /** Of a release plan: the rings that get it after `ring`, in order. */
  readonly stages?: readonly PlannedStage[];
}

/** Submits one change request for all items, and shows what devices get meanwhile: nothing changes before it is approved. */
export async function submitItems(
  invocation: Invocation,
  items: readonly Item[],
  options: SubmitOptions,
): Promise<void> {
  const connection = await invocation.connect();
  const asked = {
    ring: options.ring,
    items,
    reason: reasonOf(options),
    ...(options.ifPolicy === undefined ? {} : { ifPolicy: options.ifPolicy }),
    ...(options.stages === undefined ? {} : { stages: options.stages }),
    ...requestOf(options),
  };
  const draft = await submitOrDraft(invocation, (submit) =>
    connection.control.draftChange(submit ? asked : { ...asked, submit }),
  );
  await connection.remember(draft.cursor);
  const head = `${draft.id} ${draft.status}`;
  invocation.result(draft, () => {
    const held = draft.inForce.map(inForceLine);
    const others = items.flatMap((item) => meanwhile(item, draft));
    // By its old names the program prints what the old one did, and nothing else.
    const lines = invocation.underOldName ? [] : [head];
    return [...lines, ...held, ...others].map((line) => `${line}\n`).join('');
  });
  if (invocation.options.format === 'table') {
    if (invocation.underOldName) invocation.say(head);
    const next = draft.status === 'drafted' ? 'submit' : 'show';
    invocation.say(
      `Nothing changes before ${draft.id} is approved and applied: what is in force until then is said below its number. Next: holdfast change ${next} ${draft.id}`,
    );
    if (draft.waits) invocation.say(shown(`Approved now, it would wait for ${waitText(draft.waits)}`));
  }
}

/** What is in force of an item until its request is applied; of what is held, {@link inForceLine} says it. */
function meanwhile(item: Item, { inForce, accessInForce: access }: ChangeDraft): string[] {
  if ('channel' in item) {
    const held = inForce.some((row) => row.name === item.snap && isSame(row.channel, item.channel));
    return held ? [] : [`${item.snap} ${shortChannel(item.channel)} is tracking upstream`];
  }
  return access ? [policyLine(item, access)] : [];
}

function policyLine(item: Exclude<Item, { readonly channel: string }>, access: Access): string {
  const ring = `ring ${access.ring}`;
  switch (item.kind) {
    case 'access':
      return `${ring} is ${access.access}`;
    case 'publisher-changes':
      return access.publisherChanges === 'block'
        ? `${ring} blocks a snap whose publisher does something alarming`
        : `${ring} keeps serving a snap whose publisher does something alarming`;
    case 'approval-policy':
      return `${ring} keeps its approval policy`;
    case 'unblock':
      return `${item.snap} is ${isOn(access.blocked, item.snap) ? '' : 'not '}blocked in ${ring}`;
    case 'promotion':
      return `${ring} holds what it holds`;
    case 'resume-ring':
      return `${ring} is ${access.halts.length > 0 ? '' : 'not '}halted`;
    case 'resume':
      return `${item.snap} is ${isHalted(access, item.snap) ? '' : 'not '}halted in ${ring}`;
    case 'template':
      return `${ring} has the templates that it has`;
    case 'members':
      return `${ring} has the members that it has`;
    case 'deny':
    case 'allow':
      return `${item.snap} is ${listOf(item.snap, access)} in ${ring}`;
  }
}

function isHalted({ halted }: Access, snap: string): boolean {
  return halted.some(({ name, snapId }) => name === snap || snapId === snap);
}

function listOf(snap: string, { denied, allowed }: Access): string {
  if (isOn(denied, snap)) return 'denied';
  return isOn(allowed, snap) ? 'allowed' : 'neither denied nor allowed';
}

function isOn(list: readonly { readonly name: string }[], snap: string): boolean {
  return list.some(({ name }) => name === snap);
}

function isSame(a: string, b: string): boolean {
  return shortChannel(a) === shortChannel(b);
}
