import type { TemplateRef } from '../api/template-types.js';
import { CliError } from '../cli-error.js';

/** A version of a template, as `standard-fw@3`. @throws CliError `usage` */
export function templateRef(text: string): TemplateRef {
  const [, name, version] = /^([a-z0-9][a-z0-9-]{0,62})@([1-9][0-9]{0,8})$/.exec(text) ?? [];
  if (name === undefined || version === undefined)
    throw new CliError(
      'usage',
      `"${text}" is no version of a template, such as standard-fw@3: "holdfast template list" has them`,
    );
  return { name, version: Number(version) };
}
