import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '#kernel';
import { heldSnapObject } from './held-snap-object.js';
import { refreshText } from './refresh-text.js';
import { manifestForTest } from './testing-manifests.js';

const value = fc.jsonValue() as fc.Arbitrary<JsonValue>;
const object = fc.dictionary(fc.string(), value) as fc.Arbitrary<JsonObject>;
const result = fc.record({ result: value, snap: fc.oneof(object, value) }, { requiredKeys: [] });

describe('refreshText', () => {
  it('says what JSON.stringify says, the first time and when a snap object was sent before', () => {
    fc.assert(
      fc.property(fc.array(result), fc.option(value, { nil: undefined }), (results, errors) => {
        const body: JsonObject = errors === undefined ? { results } : { results, 'error-list': errors };
        const first = refreshText(body);
        expect(JSON.parse(first)).toEqual(JSON.parse(JSON.stringify(body)));
        expect(refreshText(body)).toBe(first);
      }),
    );
  });

  it('is asked with the same snap object by the same questions only', () => {
    const manifest = manifestForTest();
    const asked = heldSnapObject(manifest, ['name', 'download'], 'http://proxy/a');
    expect(heldSnapObject(manifest, ['name', 'download'], 'http://proxy/a')).toBe(asked);
    for (const [fields, address] of [
      [['name'], 'http://proxy/a'],
      [['download', 'name'], 'http://proxy/a'],
      [undefined, 'http://proxy/a'],
      [['name', 'download'], 'http://proxy/b'],
    ] as const) {
      const other = heldSnapObject(manifest, fields, address);
      expect(other).not.toBe(asked);
      expect(JSON.stringify(other)).not.toBe(JSON.stringify(asked));
    }
  });
});
