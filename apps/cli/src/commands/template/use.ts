import { setTimeout as pause } from 'node:timers/promises';
import { isRefusal } from '../../api/problem.js';
import type { GrantedTemplate, StandardChange, TemplateRef } from '../../api/template-types.js';
import type { ChangeView, OverrideItem } from '../../api/types.js';
import { CliError } from '../../cli-error.js';
import { readComponents, withBothWhenAsked, type PasswordOptions } from '../../input/password.js';
import type { NamedTemplate } from '../../input/template-ref.js';
import { reasonOf, type ReasonOptions } from '../../input/reason.js';
import { requestOf, type RequestOptions } from '../../input/request-options.js';
import { digestOfShown } from '../../input/signing.js';
import type { Invocation } from '../../invocation.js';
import { itemText } from '../../output/item.js';
import { shown } from '../../output/table.js';
import { templateText } from '../../policy/template-text.js';
import type { Connection } from '../../session/connection.js';

interface UseOptions extends ReasonOptions, RequestOptions, PasswordOptions {
  readonly ring: string;
}

/** Drafts a standard change, and signs it. Whoever could not use the template is refused before anything is drafted. */
export async function draftAndUse(
  invocation: Invocation,
  items: readonly OverrideItem[],
  named: NamedTemplate,
  options: UseOptions,
): Promise<void> {
  const connection = await invocation.connect();
  const { ring } = options;
  const template = await versionOf(connection, ring, named);
  const { submit: _, ...asked } = requestOf(options);
  const draft = await connection.control.draftChange({
    ring,
    items,
    template,
    reason: reasonOf(options),
    submit: false,
    ...asked,
  });
  await connection.remember(draft.cursor);
  if (options.draft) {
    invocation.result(draft, () => `${draft.id} ${draft.status}\n`);
    invocation.say(`To sign it and hand it in: holdfast template use ${draft.id}`);
    return;
  }
  await signUse(invocation, connection, draft.id, options);
}

/** The version of a template that is in force. @throws CliError `no-such-template` */
export async function templateCalled(
  { control }: Connection,
  ring: string,
  name: string,
): Promise<GrantedTemplate> {
  const { templates } = await control.templates.list(ring);
  const found = templates.find((each) => each.name === name);
  if (found) return found;
  throw new CliError('no-such-template', `ring ${ring} has no template ${name}, or it was withdrawn`);
}

async function versionOf(
  connection: Connection,
  ring: string,
  { name, version }: NamedTemplate,
): Promise<TemplateRef> {
  return { name, version: version ?? (await templateCalled(connection, ring, name)).version };
}

/**
 * Shows what is asked for and under which limits, asks for the password, signs, and says what came of it.
 * @throws CliError `no-standard-change`, `record-digest-differs`
 */
export async function signUse(
  invocation: Invocation,
  connection: Connection,
  id: string,
  options: ReasonOptions & PasswordOptions,
): Promise<void> {
  const { control } = connection;
  const view = await projected(connection, id);
  const change = standardChangeIn(view);
  const digest = digestOfShown('standard-change', id, change.record, change.useDigest);
  invocation.say(await whatItMeans(connection, view, change, digest));
  const typed = await readComponents(
    invocation.cli,
    options,
    `Password, to have ${id} take effect by its template with your signature: `,
  );
  const outcome = await withBothWhenAsked(typed, (components) =>
    control.templates.use(id, { recordDigest: digest, ...components, reason: reasonOf(options) }),
  );
  await connection.remember(outcome.cursor);
  const after = await untilDecided(invocation, connection, id);
  invocation.result({ ...outcome, status: after.status }, () => `${id} ${after.status}\n`);
  for (const why of after.standardChange?.use?.notApplied ?? []) invocation.say(shown(why));
  for (const { code, message } of after.failures ?? []) invocation.say(shown(`refused: ${code}: ${message}`));
  if (after.status === 'in-review')
    invocation.say(`It is decided on as every other request: holdfast change show ${id}`);
}

/** @throws CliError `no-standard-change` */
function standardChangeIn({ id, status, standardChange }: ChangeView): StandardChange {
  if (standardChange && (status === 'drafted' || status === 'capture-refused')) return standardChange;
  throw new CliError(
    'no-standard-change',
    standardChange ? `${id} is ${status}: it was handed in already` : `${id} names no template`,
  );
}

async function whatItMeans(
  { control }: Connection,
  { id, ring, items }: ChangeView,
  { template: { name, version } }: StandardChange,
  digest: string,
): Promise<string> {
  const { templates } = await control.templates.list(ring);
  const granted = templates.find((each) => each.name === name && each.version === version);
  const limits = granted
    ? `Its limits, approved in ${granted.changeRequest} by ${granted.approvedBy.map((each) => each.name).join(', ')}: ${templateText(granted.template)}.`
    : 'It is not in force: your signature will be refused.';
  return [
    ...items.map((item) => `asked for: ${itemText(item)}`),
    `You have ${id} take effect in ring ${ring} by template ${name}@${version}, without another signature. ${limits}`,
    'What is outside them when it is captured, or when it takes effect, waits for the ring’s ordinary signatures.',
    `Digest: sha256:${digest}`,
    `Nothing is handed in yet. To go on later: holdfast template use ${id}`,
  ]
    .map(shown)
    .join('\n');
}

const POLL_MS = 250;
const PROJECTED_WITHIN_MS = 60_000;
const DECIDED_WITHIN_MS = 10 * 60_000;

/** Read models follow what was drafted. */
async function projected({ control }: Connection, id: string): Promise<ChangeView> {
  for (const end = Date.now() + PROJECTED_WITHIN_MS; ;) {
    try {
      return await control.change(id);
    } catch (error) {
      if (!isRefusal(error, 'no-such-change-request') || Date.now() > end) throw error;
    }
    await pause(POLL_MS);
  }
}

/** How it stands once the worker has captured it and, where its template applies, begun: still as it was when it did not within ten minutes. */
async function untilDecided(invocation: Invocation, connection: Connection, id: string): Promise<ChangeView> {
  invocation.say(`${id}: waiting until what it names is fetched and verified ...`);
  for (const end = Date.now() + DECIDED_WITHIN_MS; ;) {
    const view = await connection.control.change(id);
    const isUnderWay = ['drafted', 'submitted', 'captured', 'approved'].includes(view.status);
    const isWaiting = view.status === 'approved' && view.missing.length > 0;
    if (!isUnderWay || isWaiting || Date.now() > end) return view;
    await pause(POLL_MS);
  }
}
