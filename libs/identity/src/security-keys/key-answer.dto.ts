import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, IsOptional, Length, Matches, ValidateNested } from 'class-validator';
import { IsRfc3339Time } from '#platform/http/is-time';
import type { Assertion } from './key-answer.js';
import type { KeyAnswer } from './security-keys.js';
import type { Issued, KeyPurpose } from './statement.js';

/** Bytes that a browser hands over. What is longer than any authenticator makes it has no place in an event. */
export function IsBytes(mostCharacters: number, description: string): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ description, pattern: '^[A-Za-z0-9_-]+$', maxLength: mostCharacters }),
    Matches(/^[A-Za-z0-9_-]+$/, { message: 'must be base64url without padding' }),
    Length(1, mostCharacters),
  );
}

/** A security key's answer to a challenge of ours. */
export class KeyAnswerDto implements Assertion, Issued {
  @ApiProperty({ format: 'date-time', description: "The statement's" })
  @IsRfc3339Time()
  @Length(1, 40)
  at!: string;

  @IsBytes(64, "The statement's")
  nonce!: string;

  @IsBytes(1_400, 'The id that the key chose for itself')
  credentialId!: string;

  @IsBytes(2_000, 'As the browser hands it over')
  clientDataJSON!: string;

  @IsBytes(1_400, 'As the browser hands it over')
  authenticatorData!: string;

  @IsBytes(1_400, 'As the browser hands it over')
  signature!: string;
}

/** Declares the member `securityKey` of a body: `@IsKeyAnswer() securityKey?: KeyAnswerDto`. */
export function IsKeyAnswer(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: KeyAnswerDto,
      description: "A security key's answer to a challenge for just this, in place of a code",
    }),
    IsOptional(),
    IsObject({ message: 'must be an object' }),
    ValidateNested(),
    Type(() => KeyAnswerDto),
  );
}

/** What was answered, and to what. */
export function keyAnswer(
  answer: KeyAnswerDto | undefined,
  purpose: KeyPurpose,
  session: string | null,
): KeyAnswer | undefined {
  if (answer === undefined) return undefined;
  const { at, nonce, credentialId, clientDataJSON, authenticatorData, signature } = answer;
  return {
    purpose,
    session,
    issued: { at, nonce },
    assertion: { credentialId, clientDataJSON, authenticatorData, signature },
  };
}
