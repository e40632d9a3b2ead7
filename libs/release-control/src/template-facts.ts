import { RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { signing } from './domain/change-request/review.js';
import type { Written } from './domain/change-request/has-written.js';
import type { ResolvedChange } from './domain/change-request/events.js';
import type { UseOfTemplate } from './domain/change-request/use-of-template.js';
import type { ReleasePolicy } from './domain/release-policy/state.js';
import type { TemplateRef } from './domain/template/template.js';
import type { TemplateFacts } from './domain/template/why-not.js';
import { soakFacts } from './soak-facts.js';

/** What decides whether a template applies, of outside its ring: what its user is now, and how the ring of its soak stands. Of the streams, and never of a read model. */
export async function templateFacts(
  writer: StreamWriter,
  {
    ring,
    template,
    use,
    ...written
  }: Written & { readonly ring: string; readonly template: TemplateRef; readonly use: UseOfTemplate },
  policy: ReleasePolicy,
  changes: readonly ResolvedChange[],
): Promise<TemplateFacts> {
  const { signer } = use.signature;
  const now = (await RolesHeld.of(writer).by([signer])).get(signer);
  // Of whom nothing is known, nothing counts.
  const signerNow = now ? { ...now, roles: signing(now.roles, ring) } : { roles: [], resets: Infinity };
  const granted = policy.templates.get(template.name)?.granted;
  return { signerNow, soak: await soakFacts(writer, granted?.template ?? {}, changes, written) };
}
