import { Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JsonObject, JsonValue } from '#kernel';
import { parseRefreshRequest } from '#snap';
import { finishRefresh, type UpstreamSays } from '../answer/finish-refresh.js';
import { planRefresh, stepsToRelay, type RefreshPlan } from '../answer/plan-refresh.js';
import { NEEDED_FIELDS } from '../answer/refresh-results.js';
import { refreshText } from '../answer/refresh-text.js';
import { ServingError } from '../errors.js';
import { addressesFor } from './addresses.js';
import { askRefresh, parseObject, type SessionOver } from './ask-upstream.js';
import { deviceOf, relayedHeaders } from './device-request.js';
import { sendJsonText, sendRelayed } from './send.js';
import { SnapServing } from './snap-serving.js';

@Controller()
export class RefreshRoute {
  constructor(private readonly serving: SnapServing) {}

  /** Install, refresh, download (protocol page 4). Upstream hears only of what the policy leaves open. */
  @Post('/v2/snaps/refresh')
  async refresh(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const device = deviceOf(request);
    if (device.architecture === undefined) {
      throw new ServingError('bad-request', 'the request does not say the architecture of the device');
    }
    const body = parseObject(request.body instanceof Buffer ? request.body : Buffer.alloc(0));
    if (!body) throw new ServingError('bad-request', 'the body is not a JSON object');
    const plan = planRefresh(this.serving.ring(), parseRefreshRequest(body), device.architecture);
    const upstream = await this.ask(plan, body, request);
    if (upstream.kind === 'session-over') return await sendRelayed(reply, upstream.answer);
    const finished = finishRefresh(plan, upstream, addressesFor(this.serving, request, device));
    for (const { subject, why } of finished.withheld) this.serving.parts.events.withheld(subject, why);
    await sendJsonText(reply, 200, refreshText(finished.body));
  }

  private async ask(
    plan: RefreshPlan,
    body: JsonObject,
    request: FastifyRequest,
  ): Promise<UpstreamSays | SessionOver> {
    const steps = stepsToRelay(plan);
    if (steps.length === 0) return { kind: 'answered', results: [] };
    const { upstream, events } = this.serving.parts;
    const actions = Array.isArray(body['actions']) ? (body['actions'] as readonly JsonValue[]) : [];
    const relayed = {
      context: body['context'] ?? [],
      // As the device wrote them: what a newer snapd says there is upstream's business.
      actions: steps.map(({ index }) => actions[index] ?? null),
      ...(plan.fields ? { fields: [...new Set([...plan.fields, ...NEEDED_FIELDS])] } : {}),
    };
    return await askRefresh(upstream, relayed, relayedHeaders(request), events);
  }
}
