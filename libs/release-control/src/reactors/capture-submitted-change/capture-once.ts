import type { Difference } from '../../domain/change-request/difference.js';
import type { CapturedTarget, CapturePort } from './capture-port.js';

/** For one submission: what several items mean, each for an architecture of its own, is captured and compared, or fails, once. */
export function captureOnce(port: CapturePort): CapturePort {
  const captured = new Map<string, Promise<readonly CapturedTarget[]>>();
  const compared = new Map<string, Promise<Difference>>();
  return {
    capture({ format, name, channel, version }) {
      const key = [format, name, channel, version].join(' ');
      const known = captured.get(key) ?? port.capture({ format, name, channel, version });
      captured.set(key, known);
      return known;
    },
    compare(format, before, after, room) {
      const key = [format, before ?? '', after, room].join(' ');
      const known = compared.get(key) ?? port.compare(format, before, after, room);
      compared.set(key, known);
      return known;
    },
    mayMean: (format, asked, channel) => port.mayMean(format, asked, channel),
    identify: (format, name) => port.identify(format, name),
  };
}
