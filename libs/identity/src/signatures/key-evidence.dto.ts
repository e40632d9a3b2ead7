import { ApiProperty } from '@nestjs/swagger';
import type { KeyEvidence } from '#kernel';

/** What a security key answered, as a signature keeps it. */
export class KeyEvidenceDto implements KeyEvidence {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'What was signed: the challenge is the SHA-256 of the canonical JSON (RFC 8785) of it',
  })
  statement!: { readonly [member: string]: string };
  @ApiProperty({ description: 'Base64url' })
  credentialId!: string;
  @ApiProperty({ description: 'Base64url' })
  clientDataJSON!: string;
  @ApiProperty({ description: 'Base64url' })
  authenticatorData!: string;
  @ApiProperty({ description: 'Base64url' })
  signature!: string;
  @ApiProperty({ description: 'SubjectPublicKeyInfo, DER, base64' })
  publicKey!: string;
  @ApiProperty({ description: "COSE's number" })
  algorithm!: number;
  @ApiProperty()
  origin!: string;
  @ApiProperty()
  rpId!: string;
}
