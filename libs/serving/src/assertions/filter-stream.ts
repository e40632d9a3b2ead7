import type { Assertion } from '#snap';
import { hasOnlyApproved, type AssertionsView, type MaxFormats } from './fetch-plan.js';

/**
 * Upstream's stream as the ring's devices may have it: of what was captured, what was approved in its place; of a gated ring nothing else that
 * says what a device may have; of formats that the device does not understand nothing.
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
    return hasOnlyApproved(ring, type) || format > most ? [] : [assertion];
  });
}
