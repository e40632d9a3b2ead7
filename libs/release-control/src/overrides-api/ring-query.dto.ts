import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { DEFAULT_RING } from '../domain/release-policy/release-policy.js';

/** What the Snap Store Proxy has no word for: whose overrides. */
export class RingQuery {
  @ApiPropertyOptional({ default: DEFAULT_RING })
  @IsOptional()
  @IsIn([DEFAULT_RING], { message: `must be ${DEFAULT_RING}: there is no other ring yet` })
  ring?: string;
}
