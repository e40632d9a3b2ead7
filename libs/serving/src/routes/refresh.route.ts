import { Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JsonObject } from '#kernel';
import { parseRefreshRequest, type RefreshContext } from '#snap';
import { finishRefresh, type UpstreamSays } from '../answer/finish-refresh.js';
import { installedSnaps } from '../answer/installed-snaps.js';
import { planRefresh } from '../answer/plan-refresh.js';
import { readActions } from '../answer/read-actions.js';
import { refreshText } from '../answer/refresh-text.js';
import { subjectOf } from '../assertions/assertion-access.js';
import { planFetch, type FetchGroup } from '../assertions/fetch-plan.js';
import { finishFetch } from '../assertions/finish-fetch.js';
import { DeltaShelf } from '../deltas/delta-shelf.js';
import { ServingError } from '../errors.js';
import type { ServedRing } from '../policy/ring-state.js';
import { addressesFor, assertionAddressesFor } from './addresses.js';
import { askRefresh } from './ask-upstream.js';
import { markOf } from './device-mark.js';
import { deviceOf } from './device-request.js';
import { sessionOf, withSession } from './device-session.js';
import { heldDeltas } from './held-deltas.js';
import { lastSeenBy } from './last-seen.js';
import { withRemembered } from './remembered-refresh.js';
import { refreshForUpstream, type PlannedRequest } from './refresh-for-upstream.js';
import { parseObject } from './parse-object.js';
import { sendJsonText, sendRelayed, suggestCurrency } from './send.js';
import { SnapServing } from './snap-serving.js';

const UNASKED: UpstreamSays = { kind: 'answered', results: [] };

@Controller()
export class RefreshRoute {
  private readonly deltas = new DeltaShelf();

  constructor(private readonly serving: SnapServing) {}

  /** Install, refresh, download, newer assertions (protocol page 4). Upstream hears only of what the policy leaves open. */
  @Post('/v2/snaps/refresh')
  async refresh(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const device = deviceOf(request);
    const body = parseObject(request.body instanceof Buffer ? request.body : Buffer.alloc(0));
    if (!body) throw new ServingError('bad-request', 'the body is not a JSON object');
    const session = sessionOf(this.serving, request);
    const planned = this.plan(this.serving.ringWith(session, request), body, device.architecture);
    const { upstream: store, events, now } = this.serving.parts;
    const headers = withSession(request, session);
    const mark = markOf(session);
    if (device.architecture !== undefined && planned.context.length > 0) {
      const said = { architecture: device.architecture, snaps: installedSnaps(planned.context) };
      events.installed(mark, planned.ring.position, said, planned.ring.member);
    }
    const question = refreshForUpstream(body, planned);
    const [said, deltas] = await Promise.all([
      question ? askRefresh(store, question, headers, events) : UNASKED,
      heldDeltas({ shelf: this.deltas, upstream: store, now }, planned.plan, body, headers, request),
    ]);
    if (said.kind === 'session-over') return await sendRelayed(reply, said.answer);
    const upstream = question ? await withRemembered(this.serving, request, body, planned.plan, said) : said;
    if (upstream.kind === 'failed' && upstream.status === 400 && planned.groups.length > 0)
      throw new ServingError('bad-request', 'upstream wants to be asked for each assertion by itself');

    const finished = finishRefresh(
      planned.plan,
      upstream,
      addressesFor(this.serving, request, device, planned.ring),
      deltas,
    );
    for (const { subject, why } of finished.withheld) events.withheld(subject, why);
    for (const { request: asked, subject, reason } of finished.refused)
      this.serving.refused(planned.ring, asked, subject, reason);
    if (finished.offers.length > 0) {
      const { position, member } = planned.ring;
      await events.offered(mark, position, finished.offers, member);
    }
    const addresses = assertionAddressesFor(this.serving, request, device, planned.ring);
    const fetched: JsonObject[] = [];
    for (const group of planned.groups) {
      for (const subject of hiddenIn(group)) this.serving.refused(planned.ring, 'assertion', subject);
      fetched.push(await finishFetch(group, upstream, addresses, lastSeenBy(this.serving)));
    }
    suggestCurrency(reply, upstream.currency);
    await sendJsonText(reply, 200, refreshText(finished.body, fetched));
  }

  /** @throws ServingError `bad-request`; SnapError */
  private plan(
    ring: ServedRing,
    body: JsonObject,
    architecture: string | undefined,
  ): PlannedRequest & { readonly ring: ServedRing; readonly context: readonly RefreshContext[] } {
    const asked = parseRefreshRequest(body);
    const { snaps, groups } = readActions(asked);
    // Assertions are the same for each.
    if (architecture === undefined && snaps.length > 0)
      throw new ServingError('bad-request', 'the request does not say the architecture of the device');
    const formats = asked['assertion-max-formats'] ?? {};
    return {
      ring,
      context: asked.context,
      plan: planRefresh(ring, snaps, asked.fields, architecture ?? ''),
      groups: groups.map(({ action, index }) => planFetch(ring, action, index, formats)),
    };
  }
}

function hiddenIn({ steps }: FetchGroup): readonly string[] {
  return steps.flatMap((step) => (step.kind === 'hidden' ? [subjectOf(step.query)] : []));
}
