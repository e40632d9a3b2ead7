import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, IsString } from 'class-validator';
import { ACCESS, type Access } from '../../access.js';
import { IsSnap } from './snap-name.js';

/** The ring is to be open, or gated. */
export class SetAccessDto {
  @ApiProperty({ enum: ['access'] })
  @IsIn(['access'])
  kind!: 'access';

  @ApiProperty({ enum: ACCESS })
  @IsIn(ACCESS)
  access!: Access;
}

/** A snap is to be on the ring's deny list or allow list, or off it. */
export class ListSnapDto {
  @ApiProperty({ enum: ['deny', 'allow'] })
  @IsIn(['deny', 'allow'])
  kind!: 'deny' | 'allow';

  @ApiProperty({ example: 'lab-tool' })
  @IsString()
  @IsSnap()
  snap!: string;

  @ApiPropertyOptional({ default: true, description: 'false takes it off that list' })
  @IsOptional()
  @IsBoolean()
  listed?: boolean;
}
