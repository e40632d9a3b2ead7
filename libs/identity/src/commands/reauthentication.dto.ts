import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { IsCode } from './code.dto.js';

/** Of a body: the components of who commands, asked for again, and why. */
export class ReauthenticationBody {
  @ApiProperty({ format: 'password', maxLength: 1_000, description: 'Of who commands, asked for again' })
  @IsString()
  @Length(1, 1_000)
  password!: string;

  @IsCode()
  code?: string;

  @IsReason()
  reason!: ReasonDto;
}
