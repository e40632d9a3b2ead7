import { ApiProperty } from '@nestjs/swagger';
import type { SignOnEvidence } from '#kernel';

export class SignOnEvidenceDto implements SignOnEvidence {
  @ApiProperty()
  issuer!: string;
  @ApiProperty({ description: 'The claim that names the person', example: 'sub' })
  claim!: string;
  @ApiProperty()
  subject!: string;
  @ApiProperty({ description: 'When they signed in there, by its word', format: 'date-time' })
  authTime!: string;
}
