import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length, ValidateIf } from 'class-validator';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { IsSignOnProof } from '../single-sign-on/sign-on-proof.dto.js';
import { IsKeyAnswer, type KeyAnswerDto } from '../security-keys/key-answer.dto.js';
import { IsCode } from './code.dto.js';

/** What is given beside the password. */
class SecondComponentBody {
  @ApiPropertyOptional({
    maxLength: 100,
    description:
      'Of who has no second component, beside the password: asked for, as `login-required`, where one component is not enough',
  })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  login?: string;

  @IsCode()
  code?: string;

  @IsKeyAnswer()
  securityKey?: KeyAnswerDto;

  @IsReason()
  reason!: ReasonDto;
}

/** Of a body: the components of who commands, asked for again, and why. */
export class ReauthenticationBody extends SecondComponentBody {
  @ApiProperty({ format: 'password', maxLength: 1_000, description: 'Of who commands, asked for again' })
  @IsString()
  @Length(1, 1_000)
  password!: string;
}

/** Of a body: what a signer gives at the moment of signing, and why. */
export class SigningBody extends SecondComponentBody {
  @IsSignOnProof()
  singleSignOn?: string;

  @ApiPropertyOptional({
    format: 'password',
    maxLength: 1_000,
    description:
      'Of who signs, asked for again. Within a period of signing a security key that asked for its PIN or a fingerprint stands in for it; so does, with a second component each time, `singleSignOn`',
  })
  @ValidateIf(
    ({ password, securityKey, singleSignOn }: SigningBody) =>
      password !== undefined || (securityKey === undefined && singleSignOn === undefined),
  )
  @IsString()
  @Length(1, 1_000)
  password?: string;
}
