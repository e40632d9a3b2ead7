import type { JsonObject, JsonValue } from '#kernel';

/** Deeper than anything that a store sends; what walks JSON recursively must not be led down for ever. */
const MOST_LEVELS = 16;

/** Parsed JSON of at most sixteen levels, undefined for anything deeper. */
export function shallowJson(value: unknown, levels = MOST_LEVELS): JsonValue | undefined {
  if (value === null || typeof value !== 'object') return value as JsonValue;
  if (levels === 0) return undefined;
  const members: unknown[] = Array.isArray(value) ? value : Object.values(value);
  const deep = members.some((member) => shallowJson(member, levels - 1) === undefined);
  return deep ? undefined : (value as JsonValue);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** A whole number that JSON carries exactly. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
