import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** @nestjs/swagger knows a schema by the name of its class: of two classes of one name the OpenAPI document, and so the typed client, describes one, and says of the other what is not so. */
const DESCRIBED = /^(?:export )?(?:abstract )?class (\w+)/gm;

/** By name, where each class is that may be a schema: of the modules that describe their routes. */
function describedClasses(
  modules: ReadonlyMap<string, string>,
): ReadonlyMap<string | undefined, readonly string[]> {
  const found = [...modules].flatMap(([file, text]) =>
    text.includes(`from '@nestjs/swagger'`)
      ? [...text.matchAll(DESCRIBED)].map(([, name]) => ({ name, file }))
      : [],
  );
  const byName = Map.groupBy(found, ({ name }) => name);
  return new Map([...byName].map(([name, its]) => [name, its.map(({ file }) => file)]));
}

const twice = (modules: ReadonlyMap<string, string>) =>
  [...describedClasses(modules)].filter(([, files]) => files.length > 1);

describe('the OpenAPI document', () => {
  it('describes each class by a name that no other has', () => {
    const sources = globSync('{apps,libs}/**/*.ts', { exclude: ['**/*.spec.ts'] }).sort();
    const modules = new Map(sources.map((file) => [file, readFileSync(file, 'utf8')]));
    expect(describedClasses(modules).size).toBeGreaterThan(300);
    expect(twice(modules)).toEqual([]);
  });

  it('would be said to describe one of two', () => {
    const a = `import { ApiProperty } from '@nestjs/swagger';\nclass PlaceDto {}\n`;
    const b = `import {\n  ApiProperty,\n} from '@nestjs/swagger';\nexport class PlaceDto extends Other {}\n`;
    const modules = new Map([
      ['a.ts', a],
      ['b.ts', b],
      ['c.ts', 'class PlaceDto {}'],
    ]);
    expect(twice(modules)).toEqual([['PlaceDto', ['a.ts', 'b.ts']]]);
  });
});
