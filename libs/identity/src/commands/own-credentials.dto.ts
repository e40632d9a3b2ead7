import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { IsCode } from './code.dto.js';

/** The body of what concerns a person's own credentials: every component that they have, asked for again. */
export class OwnCredentialsBody {
  @ApiProperty({ format: 'password', maxLength: 1_000, description: 'Asked for again' })
  @IsString()
  @Length(1, 1_000)
  password!: string;

  @IsCode()
  code?: string;

  @IsReason()
  reason!: ReasonDto;
}
