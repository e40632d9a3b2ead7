import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { requireKnownRing } from '#fleet/published';
import { GivenToken, requireRing, TakesTokens, type OpenToken } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { showRevision } from '#platform/given-command';
import { STREAM_WRITER } from '#platform/tokens';
import { ACCESS, PUBLISHER_CHANGES, type Access, type PublisherChanges } from '../../access.js';
import { ApprovalRulesInForceDto } from '../../approval-rules.dto.js';
import type { ApprovalRules } from '../../domain/approval-policy/approval-policy.js';
import { contentDigest, contentOf } from '../../domain/release-policy/content.js';
import { ruleName } from '../../domain/membership/rule.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';

class PolicyOverrideDto {
  @ApiProperty({ description: "The snap's name" })
  snap!: string;

  @ApiProperty({ example: 'latest/stable' })
  channel!: string;

  @ApiProperty()
  architecture!: string;

  @ApiProperty()
  revision!: number;

  @ApiProperty({ description: 'SHA-256 of its capture manifest' })
  manifest!: string;
}

class PolicyDto {
  @ApiProperty()
  ring!: string;

  @ApiProperty({
    description: 'SHA-256, hex, of all that follows: give it as ifPolicy with what was thought of for it',
  })
  digest!: string;

  @ApiProperty({ enum: ACCESS })
  access!: Access;

  @ApiProperty({
    enum: PUBLISHER_CHANGES,
    description: 'What the ring does with a snap whose publisher or store does something alarming',
  })
  publisherChanges!: PublisherChanges;

  @ApiProperty({ type: [String] })
  denied!: readonly string[];

  @ApiProperty({ type: [String] })
  allowed!: readonly string[];

  @ApiProperty({ type: ApprovalRulesInForceDto, description: 'What it takes for a change to be approved' })
  approvals!: ApprovalRules;

  @ApiProperty({ type: [PolicyOverrideDto] })
  overrides!: readonly PolicyOverrideDto[];

  @ApiProperty({
    type: [String],
    example: ['serial acme/gateway/0001', 'list line-3'],
    description:
      'The rules by which devices are members of the ring, as they are called. The digest covers the version of a list as well',
  })
  members!: readonly string[];
}

/** Of the ring's own stream and not of a read model: what a change is thought of for must not lag. */
@ApiTags('release policy')
@ApiBearerAuth()
@Controller('v1/policies/:ring')
export class ShowPolicyRoute {
  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  @TakesTokens()
  @Get()
  @ApiOperation({
    operationId: 'showPolicy',
    summary: "A ring's whole policy, by snaps' names, in a stable order",
  })
  @ApiOkResponse({ type: PolicyDto })
  async show(@Param('ring') ring: string, @GivenToken() token?: OpenToken): Promise<PolicyDto> {
    if (token) requireRing(token, ring);
    await requireKnownRing(this.streams, ring);
    const { state, revision } = await this.streams.load(releasePolicy, releasePolicyStream(ring));
    showRevision(revision);
    const content = contentOf(state, 'snap');
    const overrides = content.overrides.map(({ name: snap, channel, architecture, version, manifest }) => {
      return { snap, channel, architecture, revision: Number(version), manifest };
    });
    const members = content.members.map(ruleName);
    return { ring, digest: contentDigest(content), ...content, overrides, members };
  }
}
