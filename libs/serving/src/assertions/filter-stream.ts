import type { Assertion } from '#snap';
import { hidesAssertion } from './assertion-access.js';
import type { AssertionsView, MaxFormats } from './fetch-plan.js';

/**
 * Upstream's stream as the ring's devices may have it: of what was captured, what was approved in its place; nothing that its access policy
 * hides; of formats that the device does not understand nothing.
 */
export function filterStream(
  stream: readonly Assertion[],
  ring: AssertionsView,
  formats: MaxFormats,
): readonly Assertion[] {
  return stream.flatMap((assertion) => {
    const { type, primaryKey, format } = assertion;
    const most = formats[type] ?? 0;
    const captured = ring.assertions.find(type, primaryKey, most);
    if (captured) return [captured];
    return hidesAssertion(ring.access, assertion) || format > most ? [] : [assertion];
  });
}
