import type { DeliveryRecorder } from '#fleet/spool/recorder';
import type { ServingEvents } from '#serving/published';

/** The same events, of which what concerns deliveries is recorded as well. */
export function recordingEvents(events: ServingEvents, recorder: DeliveryRecorder): ServingEvents {
  return {
    ...events,
    offered: (device, position, offers) => recorder.offered(device, position, offers),
    installed: (device, position, said) => recorder.installed(device, position, said),
    downloadEnded: (device, position, download) => recorder.downloadEnded(device, position, download),
    refused: (refusal) => {
      events.refused(refusal);
      recorder.refused(refusal.subject, refusal.reason, refusal.position);
    },
  };
}
