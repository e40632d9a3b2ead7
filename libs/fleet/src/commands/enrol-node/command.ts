import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { site, SITE_STREAM } from '#site/published';
import { node, nodeStream } from '../../domain/node/node.js';
import { nodeOfToken, tokenDigest } from '../../enrolment-token.js';
import { FleetError } from '../../errors.js';
import { readSigned } from '../../message-reader.js';
import { requireSigned } from '../../message.js';
import { forNode } from '../../service-context.js';

/** What a proxy must know from then on, and take from nowhere else. */
export interface Enrolment {
  /** Its name. */
  readonly node: string;
  /** The site's. */
  readonly origin: string;
  /** What policies are signed with, as a C2SP vkey. */
  readonly policyKey: string;
}

/** A proxy shows its token and its key. */
export class EnrolNode extends Command<Enrolment> {
  /** @param body as it came */
  constructor(readonly body: unknown) {
    super();
  }
}

@CommandHandler(EnrolNode)
export class EnrolNodeHandler implements ICommandHandler<EnrolNode> {
  constructor(
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ body }: EnrolNode): Promise<Enrolment> {
    const { signed, read } = readSigned(body, 'enrolment');
    const token = read.string('token', /^[\x21-\x7e]{1,100}$/);
    const publicKey = read.string('publicKey', /^[A-Za-z0-9+/]{43}=$/);
    read.end();
    // Whoever enrols a key holds it.
    requireSigned(signed, publicKey);
    const name = nodeOfToken(token);
    if (name === undefined)
      throw new FleetError('enrolment-refused', 'this is no token of ours: have one given out');
    const { state: founded } = await this.writer.load(site, SITE_STREAM);
    if (founded === null) throw new Error('the site is not founded');
    const context = forNode('control', name, this.clock, {
      code: 'enrolment',
      text: 'The proxy showed the token that it was invited with.',
    });
    await this.writer.decideAndAppend(node, nodeStream(name), {
      type: 'EnrolNode',
      name,
      publicKey,
      tokenDigest: tokenDigest(token),
      context,
    });
    return { node: name, origin: founded.origin, policyKey: founded.policyKey };
  }
}
