import { globSync, readFileSync } from 'node:fs';

/** A test that names requirements: `R26: is no author's`. */
export interface NamedTest {
  readonly file: string;
  readonly requirements: readonly string[];
  /** As it stands in the source; `%s` and the like stand for what it is given. */
  readonly name: string;
}

const NAME = /(['`"])((R\d{2}(?:(?:, | and )R\d{2})*): (?:\\.|(?!\1).)+)\1/g;

/** Every such test, and group of tests, of the spec files below `root`, by file and then in their order. */
export function namedTests(root: string): readonly NamedTest[] {
  const files = globSync('{apps,libs,test}/**/*.spec.ts', { cwd: root }).sort();
  return files.flatMap((file) =>
    [...readFileSync(`${root}/${file}`, 'utf8').matchAll(NAME)].map(([, , name = '', ids = '']) => ({
      file,
      requirements: ids.match(/R\d{2}/g) ?? [],
      name: name.slice(ids.length + 2).replaceAll(/\\(.)/g, '$1'),
    })),
  );
}
