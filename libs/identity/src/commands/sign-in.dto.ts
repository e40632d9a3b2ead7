import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { IsKeyAnswer, type KeyAnswerDto } from '../security-keys/key-answer.dto.js';
import { IsNeededSignOnProof } from '../single-sign-on/sign-on-proof.dto.js';
import { IsCode } from './code.dto.js';

/** Of a body without a session: who somebody says they are, and the password. */
export class ChallengeSignInBody {
  @ApiProperty({ maxLength: 100 })
  @IsString()
  @Length(1, 100)
  login!: string;

  @ApiProperty({ format: 'password', maxLength: 1_000 })
  @IsString()
  @Length(1, 1_000)
  password!: string;
}

/** Of a body without a session: who the identity provider made sure of. */
export class ChallengeSignOnBody {
  @IsNeededSignOnProof()
  singleSignOn!: string;
}

/** With the second component, of who has one. */
export class SignOnBody extends ChallengeSignOnBody {
  @IsCode()
  code?: string;

  @IsKeyAnswer()
  securityKey?: KeyAnswerDto;
}

/** With the second component, of who has one. */
export class SignInBody extends ChallengeSignInBody {
  @IsCode()
  code?: string;

  @IsKeyAnswer()
  securityKey?: KeyAnswerDto;
}
