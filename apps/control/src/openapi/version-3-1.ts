import type { JsonObject, JsonValue } from '#kernel';

/**
 * A document of OpenAPI 3.0, as the builder makes it, in the words of 3.1, whose schemas are JSON Schema: what may be null says so by its type.
 * @param document plain JSON
 */
export function inVersion31(document: JsonObject): JsonObject {
  const { info, ...rest } = document;
  const license = { name: 'Apache-2.0', identifier: 'Apache-2.0' };
  return {
    ...rest,
    openapi: '3.1.0',
    info: { ...(isObject(info) ? info : {}), license },
    ...('paths' in rest ? { paths: converted(rest['paths'] ?? null) } : {}),
    ...('components' in rest ? { components: converted(rest['components'] ?? null) } : {}),
  };
}

function converted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(converted);
  if (!isObject(value)) return value;
  const { nullable, ...schema } = value;
  const members = Object.fromEntries(Object.entries(schema).map(([name, each]) => [name, converted(each)]));
  return nullable === true ? orNull(members) : members;
}

function orNull(schema: JsonObject): JsonObject {
  const { type, enum: values, allOf, ...more } = schema;
  // A reference cannot say more of itself: the builder wraps it.
  if (isList(allOf)) return { ...more, anyOf: [...allOf, { type: 'null' }] };
  return {
    ...more,
    ...(typeof type === 'string' ? { type: [type, 'null'] } : {}),
    ...(isList(values) ? { enum: [...values, null] } : {}),
  };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
