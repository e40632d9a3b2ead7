import type { UpstreamStore } from '#upstream/published';
import type { RelayedAssertions } from '../assertions/relayed-assertions.js';
import type { ArtefactCache } from '../downloads/artefact-cache.js';
import type { AddressTokens } from '../sealed/address-tokens.js';
import type { DownloadGrant } from '../sealed/download-tokens.js';
import type { MediaGrant } from '../sealed/media-tokens.js';
import type { StreamGrant } from '../sealed/stream-tokens.js';
import type { KeptArtefacts } from '../downloads/kept-artefacts.js';
import type { RememberedAnswers } from '../remembered/remembered-answers.js';
import { ServingError } from '../errors.js';
import type { DeviceSetup } from '../setup/device-setup.js';
import type { ServedRing } from '../policy/ring-state.js';
import type { RefusedRequest, ServingEvents } from '../serving-events.js';
import type { DeviceServices } from '../sessions/device-services.js';
import type { DeviceSessions } from '../sessions/device-sessions.js';

export interface SnapServingParts {
  /** The ring as the newest policy says; undefined before the first. */
  readonly ring: () => ServedRing | undefined;
  readonly upstream: UpstreamStore;
  readonly tokens: AddressTokens<DownloadGrant>;
  readonly streams: AddressTokens<StreamGrant>;
  readonly media: AddressTokens<MediaGrant>;
  readonly sessions: DeviceSessions;
  readonly deviceServices: DeviceServices;
  readonly kept: KeptArtefacts;
  readonly cache: ArtefactCache;
  readonly relayedAssertions: RelayedAssertions;
  readonly remembered: RememberedAnswers;
  readonly events: ServingEvents;
  /** How devices reach us, without a slash at its end; undefined: as the request's Host header says. */
  readonly publicUrl: string | undefined;
  /** What a device is given to follow us; undefined without a registration. */
  readonly setup: () => Promise<DeviceSetup | undefined>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** All that the routes need. A class, so that Nest can inject it. */
export class SnapServing {
  constructor(readonly parts: SnapServingParts) {}

  /** The ring to answer by. Taken once for each request, so that one answer never mixes two policies. @throws ServingError `no-policy` */
  ring(): ServedRing {
    const ring = this.parts.ring();
    if (ring) return ring;
    throw new ServingError(
      'no-policy',
      'this proxy has no policy yet that it may obey, so it decides nothing and relays nothing',
    );
  }

  /** The one way in which what a ring's access policy keeps from a device is told. */
  refused(
    { ring, position, access }: ServedRing,
    request: RefusedRequest,
    subject: string,
    reason = access.reason(subject),
  ): void {
    this.parts.events.refused({ ring, position, request, subject, reason });
  }
}
