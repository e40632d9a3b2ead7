import { Inject, Injectable } from '@nestjs/common';
import { requireKnownRing } from '#fleet/published';
import { Directory, RolesHeld } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { outOfReach } from '../domain/approval-policy/out-of-reach.js';
import type { ChangeItem } from '../domain/change-request/change-item.js';
import { ReleaseControlError } from '../domain/errors.js';
import { whyCircle } from '../soak-circles.js';

/** Approval rules are proposed for people whom there are. */
@Injectable()
export class RulesInReach {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    private readonly directory: Directory,
    private readonly rolesHeld: RolesHeld,
  ) {}

  /**
   * A rule that nobody can meet would hold every request of its kind, also the one that would change it: it is not proposed. Who there is comes from the read model, which roles they
   * hold at this moment from their streams.
   * @throws FleetError where soak is asked for in a ring that there is not; ReleaseControlError `rules-out-of-reach`, which says of each rule what would be missing though everybody signed; `soak-in-a-circle`
   */
  async require(ring: string, items: readonly ChangeItem[]): Promise<void> {
    const asked = items.flatMap((item) => (item.kind === 'approval-policy' ? [item.rules] : []));
    const templates = items.flatMap((item) => (item.kind === 'template' ? [item.template] : []));
    for (const { soak } of [...asked, ...templates]) if (soak) await requireKnownRing(this.writer, soak.ring);
    for (const { soak } of asked) {
      const circle = await whyCircle(this.writer, ring, soak);
      if (circle !== undefined)
        throw new ReleaseControlError('soak-in-a-circle', `nothing was asked for: ${circle}`);
    }
    if (asked.length === 0) return;
    const held = await this.rolesHeld.by((await this.directory.everybody()).map(({ id }) => id));
    const people = [...held].map(([id, { roles }]) => ({ id, roles }));
    const linked = await this.writer.linkedAccounts();
    const rules = asked.flatMap((each) => outOfReach(each, ring, people, linked));
    if (rules.length === 0) return;
    const which = rules.map(({ kinds, missing }) => `${kinds.join(', ')}: ${missing.join('; ')}`);
    throw new ReleaseControlError(
      'rules-out-of-reach',
      `nothing was asked for: though everybody signed who can in ring ${ring}, and did not ask for the change, this would be missing for ${which.join(' | ')}. Give more people the roles first, or ask for less`,
    );
  }
}
