import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { CurrentSession, KeyChallengeDto, Signatures, type Session } from '#identity/published';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { toBeSigned } from '../to-be-signed.js';

class ReviewToBeSignedDto {
  @ApiProperty({ description: 'SHA-256, hex, of the record that was read', pattern: '^[0-9a-f]{64}$' })
  @IsString()
  @Matches(/^[0-9a-f]{64}$/, { message: 'must be a SHA-256: 64 small hex digits' })
  recordDigest!: string;

  @IsReason()
  reason!: ReasonDto;
}

/** Changes nothing: whether the signature is taken is decided when it is given. */
@ApiTags('reviews')
@ApiBearerAuth()
@Controller('v1/reviews')
export class ChallengeReviewRoute {
  constructor(private readonly signatures: Signatures) {}

  @Post(':id/security-key-challenges')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'challengeForReview',
    summary: 'What your security key has to answer, to sign a review',
    description:
      'For `securityKey` of the signature, which has to say the same; in this session, for 5 minutes, once.',
  })
  @ApiOkResponse({ type: KeyChallengeDto })
  challenge(
    @Param('id') id: string,
    @Body() { recordDigest, reason }: ReviewToBeSignedDto,
    @CurrentSession() session: Session,
  ): Promise<KeyChallengeDto> {
    return this.signatures.challenge(session, toBeSigned(id), recordDigest, reason);
  }
}
