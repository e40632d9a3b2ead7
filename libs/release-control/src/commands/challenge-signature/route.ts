import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsIn, IsString, Matches } from 'class-validator';
import { CurrentSession, KeyChallengeDto, Signatures, type Session } from '#identity/published';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { recordKindOf, SIGNATURE_MEANINGS, type SignatureMeaning } from '../../domain/signature.js';

class ToBeSignedDto {
  @ApiProperty({ enum: SIGNATURE_MEANINGS })
  @IsIn(SIGNATURE_MEANINGS)
  meaning!: SignatureMeaning;

  @ApiProperty({ description: 'SHA-256, hex, of the record that was read', pattern: '^[0-9a-f]{64}$' })
  @IsString()
  @Matches(/^[0-9a-f]{64}$/, { message: 'must be a SHA-256: 64 small hex digits' })
  recordDigest!: string;

  @IsReason()
  reason!: ReasonDto;
}

/** Changes nothing: whether the signature is taken is decided when it is given. */
@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class ChallengeSignatureRoute {
  constructor(private readonly signatures: Signatures) {}

  @Post(':id/security-key-challenges')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'challengeForSignature',
    summary: 'What your security key has to answer, to sign a decision',
    description:
      'For `securityKey` of the decision, which has to say the same; in this session, for 5 minutes, once.',
  })
  @ApiOkResponse({ type: KeyChallengeDto })
  async challenge(
    @Param('id') id: string,
    @Body() { meaning, recordDigest, reason }: ToBeSignedDto,
    @CurrentSession() session: Session,
  ): Promise<KeyChallengeDto> {
    const what = { meaning, recordKind: recordKindOf(meaning), record: id };
    return this.signatures.challenge(session, what, recordDigest, reason);
  }
}
