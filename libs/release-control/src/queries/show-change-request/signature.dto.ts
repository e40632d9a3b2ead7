import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  KeyEvidenceDto,
  SIGNATURE_COMPONENTS,
  SigningRulesDto,
  SignOnEvidenceDto,
  type SignatureComponent,
} from '#identity/published';
import { SIGNATURE_MEANINGS, type SignatureMeaning, type SignedStage } from '../../domain/signature.js';

export class SignatureDto {
  @ApiProperty({ enum: SIGNATURE_MEANINGS })
  meaning!: SignatureMeaning;
  @ApiProperty()
  signer!: string;
  @ApiProperty()
  printedName!: string;
  @ApiProperty()
  signedAt!: string;
  @ApiProperty({ enum: SIGNATURE_COMPONENTS, isArray: true })
  components!: readonly SignatureComponent[];
  @ApiProperty()
  credential!: string;
  @ApiPropertyOptional({ description: 'Of the second component, where one was given beside the password' })
  secondCredential?: string;
  @ApiPropertyOptional({ description: 'How often the signer had been reset by then; absent for never' })
  resets?: number;
  @ApiProperty()
  recordDigest!: string;
  @ApiPropertyOptional({
    type: KeyEvidenceDto,
    description: 'What a security key answered, for who checks it without us',
  })
  securityKey?: KeyEvidenceDto;
  @ApiPropertyOptional({
    type: SignOnEvidenceDto,
    description: 'Whom the identity provider made sure of, in place of the password',
  })
  singleSignOn?: SignOnEvidenceDto;

  @ApiPropertyOptional({
    type: SigningRulesDto,
    description: 'What the site asked of those who sign, at that moment; older ones do not say it',
  })
  rules?: SigningRulesDto;
}

class SignedStageDto implements SignedStage {
  @ApiProperty()
  ring!: string;
  @ApiProperty()
  policyVersion!: number;
  @ApiProperty({ type: [String] })
  roles!: readonly string[];
}

export class RecordedSignatureDto extends SignatureDto {
  @ApiPropertyOptional({
    description: 'The version of the approval policy that was in force; older ones do not say it',
  })
  policyVersion?: number;
  @ApiPropertyOptional({
    type: [String],
    description: 'In which roles it was signed; older ones do not say it',
  })
  roles?: readonly string[];
  @ApiPropertyOptional({
    type: [SignedStageDto],
    description: 'Of a release plan: what it was made under in each later ring',
  })
  stages?: readonly SignedStageDto[];
}
