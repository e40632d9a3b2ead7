import { ApiProperty } from '@nestjs/swagger';
import type { DeliveryFigures, Verification } from '../../domain/change-request/verification.js';

export class NamedPersonDto {
  @ApiProperty()
  id!: string;
  @ApiProperty()
  name!: string;
}

export class DeliveryFiguresDto implements DeliveryFigures {
  @ApiProperty()
  name!: string;
  @ApiProperty()
  subject!: string;
  @ApiProperty()
  version!: string;
  @ApiProperty({ description: 'To how many devices it was offered' })
  offered!: number;
  @ApiProperty({ description: 'How many downloaded it to its end' })
  downloaded!: number;
  @ApiProperty({ description: 'How many said that they have it' })
  installed!: number;
}

/** What a person found who looked at what the change did. */
export class VerificationDto implements Verification {
  @ApiProperty({ type: NamedPersonDto })
  by!: NamedPersonDto;
  @ApiProperty()
  at!: string;
  @ApiProperty({ description: "In the person's words" })
  lookedAt!: string;
  @ApiProperty({
    type: [DeliveryFiguresDto],
    description: 'What the delivery records said of each revision then',
  })
  figures!: readonly DeliveryFiguresDto[];
  @ApiProperty({ description: 'How many more revisions there were' })
  figuresLeftOut!: number;
}
