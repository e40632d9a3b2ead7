import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTROL_READS } from '#apps/control/src/control-reads';
import { allProjections } from '#apps/projector/src/projections';
import { sameVersion } from '#platform/read-models/checkpoints';
import { FOR_ITS_NAME } from '#release-control/policy-document/policy-document-projection';
import { POLICY_DOCUMENTS } from '#release-control/published';

const ROOT = path.resolve(import.meta.dirname, '../..');
const projections = allProjections(FOR_ITS_NAME);

/** Every `read.<table>` in the code of some files. */
function tablesRead(pattern: string): string[] {
  const files = globSync(pattern, { cwd: ROOT }).filter((file) => !file.includes('.spec.'));
  expect(files.length).toBeGreaterThan(0);
  return files.flatMap((file) =>
    [...readFileSync(path.join(ROOT, file), 'utf8').matchAll(/\bread\.(\w+_v\d+)/g)].map(
      ([, table = '']) => table,
    ),
  );
}

function projectionOf(table: string) {
  return projections.find(({ tables }) => tables.some(({ name }) => name === table));
}

describe('read models', () => {
  it.each(projections)('$name carries its version in the names of its tables', ({ version, tables }) => {
    for (const { name } of tables) expect(name).toMatch(new RegExp(`_v${version}$`));
  });

  it('are announced by control, each that its queries ask, and no other', () => {
    const read = new Set(tablesRead('libs/*/src/queries/**/*.ts').map(projectionOf));
    expect(read).not.toContain(undefined);
    const announced = projections.filter((each) => CONTROL_READS.some((reads) => sameVersion(reads, each)));
    expect(new Set(announced)).toEqual(read);
    expect(announced).toHaveLength(CONTROL_READS.length);
  });

  it('are announced by the proxy: the policy documents', () => {
    const read = [...new Set(tablesRead('libs/serving/src/**/*.ts').map(projectionOf))];
    expect(read).toMatchObject([POLICY_DOCUMENTS]);
  });
});
