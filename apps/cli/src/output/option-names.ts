import type { FieldError } from '../api/problem.js';

/**
 * What is wrong with a request, in the words of the command line that made it: where an option said what is at a pointer, the option is named.
 * @param errors each with the JSON pointer into the request (RFC 6901) and what is wrong there
 * @param argv as it was typed
 */
export function inOptionNames(errors: readonly FieldError[], argv: readonly string[]): string {
  return errors.map(({ pointer, detail }) => `${optionAt(pointer, argv) ?? pointer} ${detail}`).join('; ');
}

/** `/reason/text` is `--reason`, and `/lookedAt` is `--looked-at`: the innermost name that was given as an option. */
function optionAt(pointer: string, argv: readonly string[]): string | undefined {
  return pointer
    .split('/')
    .toReversed()
    .map((name) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`)
    .find(
      (option) => option !== '--' && argv.some((word) => word === option || word.startsWith(`${option}=`)),
    );
}
