import type { EventEnvelope } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { isByTemplate } from '../../domain/change-request/use-of-template.js';
import { signerOf } from '../../domain/change-request/use-template.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import type { ByTemplate } from '../../domain/release-policy/templates.js';
import type { TemplateSigner } from '../../domain/template/template.js';
import { templateFacts } from '../../template-facts.js';
import { answerTo } from '../answer-to.js';
import type { ApplyReactorPorts, Approved } from './reactor.js';

/** Under which template it takes effect, and what decides that it may; undefined: persons approved it. */
export async function templateOf(writer: StreamWriter, state: Approved): Promise<ByTemplate | undefined> {
  const { ring, template, use, author, earlierAuthors = [], changes } = state;
  if (!isByTemplate(state) || template === undefined || use === undefined) return undefined;
  const { state: policy } = await writer.load(releasePolicy, releasePolicyStream(ring));
  const facts = await templateFacts(writer, { ring, template, use, author, earlierAuthors }, policy, changes);
  return { use: { ref: template, signer: signerOf(use.signature) }, ...facts };
}

/** The ring does not let it take effect by its template, or not any more: others decide on it. */
export async function voidTemplateUse(
  { writer, clock }: ApplyReactorPorts,
  envelope: EventEnvelope,
  { id, ring }: Approved,
  reasons: readonly string[],
): Promise<void> {
  const { state: policy } = await writer.load(releasePolicy, releasePolicyStream(ring));
  const text =
    'its template does not let it take effect any more: the ring’s ordinary signatures are asked for';
  await writer.decideAndAppend(changeRequest, changeRequestStream(id), {
    type: 'VoidTemplateUse',
    reasons,
    policy: policy.approval,
    context: answerTo(envelope, id, clock, { code: 'template-does-not-apply', text }),
  });
}

/** All whose signatures stand, whether or not they count any more: none of them is to use what they approved. */
export function whoSigned({ signatures }: Approved): readonly TemplateSigner[] {
  const last = new Map(signatures.map((each) => [each.signer, each]));
  return [...last.values()].map(({ signer, printedName, signedAt }) => {
    return { person: signer, name: printedName, signedAt };
  });
}
