import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { showRevision } from '#platform/given-command';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import type { TemplateStanding } from '../../domain/release-policy/state.js';
import type { GrantedTemplate, Template } from '../../domain/template/template.js';
import { hasEnded, usesWithin } from '../../domain/template/why-not.js';
import { ApprovedTemplateDto, TemplateSignerDto } from '../../template.dto.js';

class GrantedTemplateDto implements GrantedTemplate {
  @ApiProperty()
  name!: string;

  @ApiProperty({ description: 'Counted from 1; the next one is one more, also after it was withdrawn' })
  version!: number;

  @ApiProperty({ type: ApprovedTemplateDto })
  template!: Template;

  @ApiProperty({ description: 'The one that it was approved in' })
  changeRequest!: string;

  @ApiProperty({ type: [TemplateSignerDto], description: 'None of them uses it' })
  approvedBy!: readonly TemplateSignerDto[];

  @ApiProperty({ description: 'Its end has passed' })
  ended!: boolean;

  @ApiProperty({ description: 'Uses that took effect within the days of its limit, until now' })
  used!: number;
}

class TemplatesDto {
  @ApiProperty()
  ring!: string;

  @ApiProperty({ type: [GrantedTemplateDto], description: 'Those that were not withdrawn, by name' })
  templates!: readonly GrantedTemplateDto[];
}

/** Of the ring's own stream and not of a read model: who uses one is told what counts now. */
@ApiTags('release policy')
@ApiBearerAuth()
@Controller('v1/templates/:ring')
export class ListTemplatesRoute {
  constructor(
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listTemplates',
    summary: 'Which standard changes are approved in a ring, and within which limits',
  })
  @ApiOkResponse({ type: TemplatesDto })
  async list(@Param('ring') ring: string): Promise<TemplatesDto> {
    await requireKnownRing(this.streams, ring);
    const { state, revision } = await this.streams.load(releasePolicy, releasePolicyStream(ring));
    showRevision(revision);
    const now = this.clock.now();
    const templates = [...state.templates.values()].flatMap((each) => shown(each, now));
    return { ring, templates: templates.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
  }
}

function shown({ granted, usedAt }: TemplateStanding, now: string): GrantedTemplateDto[] {
  if (granted === null) return [];
  const { template } = granted;
  return [{ ...granted, ended: hasEnded(template, now), used: usesWithin(template, usedAt, now) }];
}
