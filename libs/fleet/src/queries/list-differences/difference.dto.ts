import { ApiProperty } from '@nestjs/swagger';
import type { ComparisonSummary, DifferenceLine, DifferencePage } from './query.js';

class NotComparedDto {
  @ApiProperty({ example: 'not-comparable' })
  reason!: string;

  @ApiProperty()
  count!: number;
}

class ComparisonSummaryDto implements ComparisonSummary {
  @ApiProperty({ description: 'All that were passed on to the incumbent' })
  requests!: number;

  @ApiProperty()
  equal!: number;

  @ApiProperty()
  differing!: number;

  @ApiProperty({ type: [NotComparedDto] })
  notCompared!: readonly NotComparedDto[];

  @ApiProperty({ type: String, nullable: true, description: "By the nodes' clocks" })
  firstAt!: string | null;

  @ApiProperty({ type: String, nullable: true, description: "By the nodes' clocks" })
  lastAt!: string | null;
}

class DifferenceDto implements DifferenceLine {
  @ApiProperty({ example: 'refresh' })
  endpoint!: string;

  @ApiProperty({ example: 'core18' })
  snap!: string;

  @ApiProperty({ type: String, nullable: true })
  snapId!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'latest/stable amd64' })
  place!: string | null;

  @ApiProperty({ example: 'revision 2' })
  incumbent!: string;

  @ApiProperty({ example: 'revision 1' })
  ours!: string;

  @ApiProperty({ example: 'held' })
  why!: string;

  @ApiProperty({ description: 'How often it was seen' })
  count!: number;

  @ApiProperty({ description: 'How many devices are known to have been answered so' })
  devices!: number;

  @ApiProperty({ description: "By the nodes' clocks" })
  firstAt!: string;

  @ApiProperty({ description: "By the nodes' clocks" })
  lastAt!: string;

  @ApiProperty({ description: 'The ledger position of the policy that the last of them was compared under' })
  position!: string;
}

export class DifferencePageDto implements DifferencePage {
  @ApiProperty({ type: ComparisonSummaryDto })
  summary!: ComparisonSummaryDto;

  @ApiProperty({ type: [DifferenceDto] })
  differences!: readonly DifferenceDto[];

  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}
