import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentSession, SignDto, Signatures, type Session } from '#identity/published';
import { toBeSigned } from '../to-be-signed.js';
import { ReviewOutcomeDto } from '../outcome.js';
import { SignReview } from './command.js';

@ApiTags('reviews')
@ApiBearerAuth()
@Controller('v1/reviews')
export class SignReviewRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    private readonly signatures: Signatures,
  ) {}

  @Post(':id/sign')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'signReview',
    summary: 'Sign that you reviewed it',
    description:
      'An access review is complete when somebody else than the person whom it is about has signed for each line; a review of the trail is signed by who did not act in it.',
  })
  @ApiOkResponse({ type: ReviewOutcomeDto })
  async sign(
    @Param('id') id: string,
    @Body() body: SignDto,
    @CurrentSession() session: Session,
  ): Promise<ReviewOutcomeDto> {
    const { signature, context } = await this.signatures.make(toBeSigned(id), body, session);
    return this.commands.execute(new SignReview(id, signature, context));
  }
}
