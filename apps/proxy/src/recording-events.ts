import type { DeliveryRecorder } from '#fleet/spool/recorder';
import type { Spool } from '#fleet/spool/spool';
import type { ServingEvents } from '#serving/published';

interface Recording {
  readonly recorder: DeliveryRecorder;
  /** What the recorder's records are added to. */
  readonly spool: Spool;
}

/** The same events, of which what concerns deliveries is recorded as well. */
export function recordingEvents(events: ServingEvents, { recorder, spool }: Recording): ServingEvents {
  return {
    ...events,
    offered: (device, position, offers, member) => {
      recorder.offered(device, position, offers, member);
      return spool.written();
    },
    installed: (device, position, said, member) => recorder.installed(device, position, said, member),
    downloadEnded: (device, position, download, member) =>
      recorder.downloadEnded(device, position, download, member),
    refused: (refusal) => {
      events.refused(refusal);
      recorder.refused(refusal.subject, refusal.reason, refusal.position, refusal.member);
    },
  };
}
