import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { MOST_ITEMS } from '#kernel';
import { DEFAULT_RING } from '#fleet/published';
import { IsItems, ITEM_DTOS, type ItemDto } from './item.dto.js';

/** What is asked for: of which ring, and what. */
@ApiExtraModels(...ITEM_DTOS)
export class AskedItemsDto {
  @ApiPropertyOptional({ default: DEFAULT_RING })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  ring?: string;

  @ApiProperty({
    type: 'array',
    maxItems: MOST_ITEMS,
    items: { oneOf: ITEM_DTOS.map((dto) => ({ $ref: getSchemaPath(dto) })) },
    description: 'All of them take effect at once, or none',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_ITEMS)
  @ValidateNested({ each: true })
  @IsItems()
  items!: ItemDto[];

  @ApiPropertyOptional({
    description: 'Refuse it unless this is the digest of the ring’s policy (GET /v1/policies/{ring})',
    pattern: '^[0-9a-f]{64}$',
  })
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/, { message: 'must be a SHA-256: 64 small hex digits' })
  ifPolicy?: string;
}
