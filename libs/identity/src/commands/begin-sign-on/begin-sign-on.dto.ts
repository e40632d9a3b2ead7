import { ApiProperty } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';

export class BeginSignOnBody {
  @ApiProperty({
    description: 'Base64url of the SHA-256 of what the page that asks keeps for itself (as RFC 7636, S256)',
    pattern: '^[A-Za-z0-9_-]{43}$',
  })
  @Matches(/^[A-Za-z0-9_-]{43}$/, { message: 'must be a SHA-256 in base64url' })
  browser!: string;
}

const PURPOSES = ['signature', 'binding'] as const;

export class BeginOwnSignOnBody extends BeginSignOnBody {
  @ApiProperty({ enum: PURPOSES, description: 'To sign, or to accept that this is how you sign in' })
  @IsIn(PURPOSES, { message: `must be ${PURPOSES.join(' or ')}` })
  for!: (typeof PURPOSES)[number];
}

export class BegunSignOnDto {
  @ApiProperty({ description: "Of the identity provider, for the person's browser; good for 5 minutes" })
  readonly address!: string;
}
