import type { FastifyRequest } from 'fastify';
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
import type { ServedRings } from '../policy/served-rings.js';
import type { RefusedRequest, ServingEvents } from '../serving-events.js';
import type { DeviceServices } from '../sessions/device-services.js';
import type { DeviceSession, DeviceSessions } from '../sessions/device-sessions.js';
import { claimsOf, NOBODY } from './claims.js';
import { sessionOf, shownSession } from './device-session.js';

export interface SnapServingParts {
  /** The rings as the newest policies say. */
  readonly rings: () => ServedRings;
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

  /**
   * The ring to answer a device by. Taken once for each request, so that one answer never mixes two policies.
   * @throws ServingError `no-policy`; `session-unknown`, where rules of membership ask who it is
   */
  ringOf(request: FastifyRequest): ServedRing {
    const rings = this.parts.rings();
    return rings.isOne ? policyOf(rings.of(NOBODY)) : this.ringWith(sessionOf(this, request), request);
  }

  /** That devices are answered here, whichever of them asks. @throws ServingError `no-policy` */
  requirePolicy(): void {
    policyOf(this.parts.rings().of(NOBODY));
  }

  /** As {@link ringOf}, where nothing is refused by it. @returns undefined where there is no policy yet */
  ringShown(request: FastifyRequest): ServedRing | undefined {
    const ring = this.parts.rings().of(claimsOf(shownSession(this, request), request));
    return typeof ring === 'string' ? undefined : ring;
  }

  /** As {@link ringOf}, for who knows the session already. @throws ServingError `no-policy` */
  ringWith(session: DeviceSession | undefined, request: FastifyRequest): ServedRing {
    return policyOf(this.parts.rings().of(claimsOf(session, request)));
  }

  /**
   * The ring to answer an address of ours by, which was made for a device of one. Who shows no session that is good is believed to be that device.
   * @param ring undefined in what an earlier release sealed: the proxy's own
   * @throws ServingError `no-policy`, `download-refused` for a device of another ring
   */
  ringOfAddress(ring: string | undefined, request: FastifyRequest): ServedRing {
    const rings = this.parts.rings();
    const made = ring ?? rings.home;
    const session = shownSession(this, request);
    if (!session) return policyOf(rings.named(made) ?? made);
    const own = this.ringWith(session, request);
    if (own.ring === made) return own;
    throw new ServingError(
      'download-refused',
      'this address was given out to another ring; ask for the snap again',
    );
  }

  /** The one way in which what a ring's access policy keeps from a device is told. */
  refused(
    { ring, position, access, member }: ServedRing,
    request: RefusedRequest,
    subject: string,
    reason = access.reason(subject),
  ): void {
    this.parts.events.refused({ ring, position, request, subject, reason, ...(member ? { member } : {}) });
  }
}

/** @throws ServingError `no-policy` */
function policyOf(ring: ServedRing | string): ServedRing {
  if (typeof ring !== 'string') return ring;
  throw new ServingError(
    'no-policy',
    `this proxy has no policy of ring ${ring} yet that it may obey, or none that says who is in which ring, so it decides nothing and relays nothing`,
  );
}
