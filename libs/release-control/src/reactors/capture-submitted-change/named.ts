import { CodedError } from '#kernel';
import type {
  ApprovalRules,
  AskedRules,
  NamedSubject,
  OnCall,
} from '../../domain/approval-policy/approval-policy.js';
import type { ListingItem, TemplateItem } from '../../domain/change-request/change-item.js';
import type { ResolvedChange } from '../../domain/change-request/events.js';
import { signing } from '../../domain/change-request/review.js';
import { ReleaseControlError } from '../../domain/errors.js';
import { namedIn, type ReleasePolicy } from '../../domain/release-policy/state.js';
import { subjectKey, type Subject } from '../../release-target.js';
import type { CapturePort } from './capture-port.js';
import type { Resolving } from './resolve-item.js';

/** An emergency is of the persons and the snaps that were meant when the rules were asked for: a name may be given to another snap. */
export async function named(
  { emergency, ...rules }: AskedRules,
  policy: ReleasePolicy,
  { capture, people, ring }: Resolving,
): Promise<ApprovalRules> {
  if (!emergency) return rules;
  const onCall: OnCall[] = [];
  for (const login of emergency.onCall)
    onCall.push({ person: await signerCalled(login, ring, people), login });
  const { snaps } = emergency;
  if (snaps === 'all') return { ...rules, emergency: { ...emergency, onCall, snaps } };
  const subjects = await subjectsOf(snaps, policy, capture);
  return { ...rules, emergency: { ...emergency, onCall, snaps: subjects } };
}

/** A template is of the snaps that were meant when it was asked for. */
export async function template(
  { kind, template: asked }: TemplateItem,
  policy: ReleasePolicy,
  capture: CapturePort,
): Promise<ResolvedChange> {
  const { name } = asked;
  const old = policy.templates.get(name)?.granted?.template ?? null;
  return { kind, name, old, new: { ...asked, snaps: await subjectsOf(asked.snaps, policy, capture) } };
}

async function subjectsOf(
  names: readonly string[],
  policy: ReleasePolicy,
  capture: CapturePort,
): Promise<readonly NamedSubject[]> {
  const subjects: NamedSubject[] = [];
  for (const name of names) {
    const { format, subject } = await identified({ format: 'snap', name }, policy, capture);
    subjects.push({ format, subject, name });
  }
  return subjects;
}

/** Whoever could not release anything is not put on call. @throws ReleaseControlError `nobody-on-call` */
async function signerCalled(login: string, ring: string, people: Resolving['people']): Promise<string> {
  const person = await people(login);
  if (person && signing(person.roles, ring).length > 0) return person.id;
  throw new ReleaseControlError(
    'nobody-on-call',
    person
      ? `${login} holds no role that signs in ring ${ring}, is disabled, or has no password yet`
      : `nobody has the login ${login}`,
  );
}

/**
 * Upstream says what a name means. A snap that it does not give out any more, or cannot be asked about, can be denied all the same when the ring
 * knows one by that name.
 */
export async function identified(
  { format, name }: Pick<ListingItem, 'format' | 'name'>,
  policy: ReleasePolicy,
  capture: CapturePort,
): Promise<Subject> {
  try {
    return await capture.identify(format, name);
  } catch (error) {
    const known = knownAs(policy, format, name);
    if (!(error instanceof CodedError) || known.length !== 1 || !known[0]) throw error;
    return known[0];
  }
}

function knownAs(policy: ReleasePolicy, format: string, name: string): readonly Subject[] {
  const named = namedIn(policy).filter((each) => each.format === format && each.name === name);
  return [...new Map(named.map((each) => [subjectKey(each), each])).values()];
}
