import type { TemplateRef } from '../api/template-types.js';
import { CliError } from '../cli-error.js';

/** As it was typed. */
export type NamedTemplate = Pick<TemplateRef, 'name'> & Partial<TemplateRef>;

/** A version of a template, as `standard-fw@3`, or its name alone: the version that is in force. @throws CliError `usage` */
export function templateRef(text: string): NamedTemplate {
  const [, name, version] = /^([a-z0-9][a-z0-9-]{0,62})(?:@([1-9][0-9]{0,8}))?$/.exec(text) ?? [];
  if (name === undefined)
    throw new CliError(
      'usage',
      `"${text}" is no template, such as standard-fw, and no version of one, such as standard-fw@3: "holdfast template list" has them`,
    );
  return version === undefined ? { name } : { name, version: Number(version) };
}
