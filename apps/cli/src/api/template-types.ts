import type { JsonObject } from '#kernel';
import type { components } from '#api-client/schema';

/** REST shapes of control that are about standard changes. */

type Schemas = components['schemas'];

/** A template as it is proposed. */
export type Template = Schemas['TemplateDto'];
/** The same as it was approved: its snaps are what their names meant. */
export type ApprovedTemplate = Schemas['ApprovedTemplateDto'];
export type TemplateItem = Schemas['SetTemplateDto'];
export type TemplateRef = Schemas['TemplateRefDto'];
export type GrantedTemplate = Schemas['GrantedTemplateDto'];
type EarlierUse = Schemas['UseOfTemplateDto'];

/** A request that is asked for under a template. */
export interface StandardChange {
  readonly template: TemplateRef;
  /** Exactly what the signature of its author is bound to. */
  readonly record: JsonObject & { readonly id: string };
  readonly useDigest: string;
  readonly use: EarlierUse | null;
}
