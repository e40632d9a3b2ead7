import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { SigningBody } from '../commands/reauthentication.dto.js';

/** The body of a decision: the digest of the record that the signer read, and the signer's components, asked for again. */
export class SignDto extends SigningBody {
  @ApiProperty({
    description: 'SHA-256, hex, of the record that was read; to ratify, of the release',
    pattern: '^[0-9a-f]{64}$',
  })
  @IsString()
  @Matches(/^[0-9a-f]{64}$/, { message: 'must be a SHA-256: 64 small hex digits' })
  recordDigest!: string;
}
