import { expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import { inVersion31 } from './version-3-1.js';

it('says by its type what may be null', () => {
  const schema = (value: JsonObject): JsonObject => ({
    openapi: '3.0.0',
    info: { title: 'x', version: '1', license: { name: 'Apache-2.0', url: '' } },
    components: { schemas: { A: { type: 'object', properties: { a: value } } } },
  });
  const known: [JsonObject, JsonObject][] = [
    [{ type: 'string' }, { type: 'string' }],
    [
      { type: 'string', nullable: true, description: 'b' },
      { type: ['string', 'null'], description: 'b' },
    ],
    [
      { type: 'string', nullable: true, enum: ['c'] },
      { type: ['string', 'null'], enum: ['c', null] },
    ],
    [
      { type: 'array', nullable: true, items: { type: 'number', nullable: true } },
      { type: ['array', 'null'], items: { type: ['number', 'null'] } },
    ],
    [
      { type: 'object', nullable: true, description: 'd', allOf: [{ $ref: '#/components/schemas/A' }] },
      { description: 'd', anyOf: [{ $ref: '#/components/schemas/A' }, { type: 'null' }] },
    ],
  ];
  for (const [before, after] of known) {
    expect(inVersion31(schema(before))).toEqual({
      ...schema(after),
      openapi: '3.1.0',
      info: { title: 'x', version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    });
  }
});
