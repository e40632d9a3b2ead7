import { ApiProperty } from '@nestjs/swagger';
import type { KeyChallenge } from './security-keys.js';

/** What a security key is asked. */
export class KeyChallengeDto implements KeyChallenge {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'What it signs, in words: the challenge is the SHA-256 of the canonical JSON (RFC 8785) of it',
  })
  readonly statement!: KeyChallenge['statement'];

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'PublicKeyCredentialRequestOptionsJSON, for `navigator.credentials.get`',
  })
  readonly options!: KeyChallenge['options'];
}
