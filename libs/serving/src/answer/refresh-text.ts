import type { JsonObject } from '#kernel';
import { isObject } from './refresh-results.js';

/** Of the snap objects that were sent before. Those of held revisions are made once and sent to every device. */
const texts = new WeakMap<JsonObject, string>();

/**
 * `JSON.stringify` of a refresh answer, in which a snap object that was serialised before is not serialised again.
 * @param more results, of other kinds
 */
export function refreshText(body: JsonObject, more: readonly JsonObject[] = []): string {
  const { results, ...rest } = body;
  if (!Array.isArray(results)) return JSON.stringify(body);
  const all = [...(results as readonly JsonObject[]), ...more];
  return withMember(rest, 'results', `[${all.map(resultText).join(',')}]`);
}

function resultText(result: JsonObject): string {
  const { snap, ...rest } = result;
  return isObject(snap) ? withMember(rest, 'snap', snapText(snap)) : JSON.stringify(result);
}

function withMember(object: JsonObject, name: string, text: string): string {
  const others = JSON.stringify(object).slice(1, -1);
  return `{${others}${others === '' ? '' : ','}"${name}":${text}}`;
}

function snapText(snap: JsonObject): string {
  const known = texts.get(snap);
  if (known !== undefined) return known;
  const text = JSON.stringify(snap);
  texts.set(snap, text);
  return text;
}
