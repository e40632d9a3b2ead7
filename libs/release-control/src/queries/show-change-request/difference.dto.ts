import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Difference, DifferenceLine, Mark } from '../../domain/change-request/difference.js';

class DifferenceLineDto implements DifferenceLine {
  @ApiProperty({ example: 'base' })
  what!: string;
  @ApiProperty({ type: String, nullable: true, description: 'null: nothing was said of it' })
  old!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'null: nothing is said of it any more' })
  new!: string | null;
}

class MarkDto implements Mark {
  @ApiProperty({ example: 'new-service' })
  code!: string;
  @ApiProperty()
  text!: string;
}

export class DifferenceOfVersionsDto implements Difference {
  @ApiProperty({ type: [DifferenceLineDto] })
  lines!: readonly DifferenceLineDto[];
  @ApiProperty({ type: [MarkDto], description: 'What to look at twice' })
  marks!: readonly MarkDto[];
  @ApiPropertyOptional({
    description: 'How many lines and marks there was no room for, or not for all of them; absent for none',
  })
  omitted?: number;
}
