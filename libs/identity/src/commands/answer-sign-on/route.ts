import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { Public } from '../../sessions/public.js';
import { SignOns, type SignOnAnswer } from '../../single-sign-on/sign-ons.js';

class SignOnAnswerBody {
  @ApiProperty({
    description: 'The query with which the identity provider sent the browser back',
    maxLength: 8_000,
  })
  @IsString()
  @Length(1, 8_000)
  query!: string;

  @ApiProperty({ description: 'What the page that asked kept for itself', minLength: 43, maxLength: 128 })
  @IsString()
  @Length(43, 128)
  secret!: string;
}

class SignOnAnswerDto implements SignOnAnswer {
  @ApiProperty({ description: 'For `singleSignOn` of the body that it was asked for; for 5 minutes, once' })
  readonly proof!: string;

  @ApiProperty({ enum: ['sign-in', 'signature', 'binding'] })
  readonly for!: SignOnAnswer['for'];

  @ApiProperty({ description: 'As whom the provider knows who signed in there' })
  readonly subject!: string;
}

/** Changes nothing but what is on record of answers that do not count: whoever signed in there is nobody here before the proof is given. */
@ApiTags('single sign-on')
@Controller('v1/single-sign-on/answers')
export class AnswerSignOnRoute {
  constructor(private readonly signOns: SignOns) {}

  @Public()
  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'answerSingleSignOn',
    summary: 'What the identity provider sent the browser back with, for a proof',
    description:
      'Checks it with the provider: issuer, audience, times, nonce, signature, and that the person signed in there anew.',
  })
  @ApiOkResponse({ type: SignOnAnswerDto })
  async answer(@Body() { query, secret }: SignOnAnswerBody): Promise<SignOnAnswerDto> {
    return this.signOns.answered(query, secret);
  }
}
