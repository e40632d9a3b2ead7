import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsString, Length, Matches, Max, Min, ValidateIf } from 'class-validator';
import type { ChangeItem } from '../../domain/change-request/events.js';

/** An item as the store's users say it: this snap, on this channel, at this revision. */
export class ChangeItemDto {
  @ApiProperty({ example: 'lab-hello' })
  @IsString()
  @Matches(/^[a-z0-9-]{1,40}$/, { message: 'must be the name of a snap: small letters, digits and "-"' })
  snap!: string;

  @ApiProperty({ example: 'latest/stable', description: 'track/risk[/branch], or the risk alone' })
  @IsString()
  @Length(1, 128)
  @Matches(/^[\w.+-]+(\/[\w.+-]+){0,2}$/, { message: 'must be a channel: track/risk[/branch]' })
  channel!: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 12,
    description: 'null gives the channel back to upstream',
  })
  @ValidateIf((item: ChangeItemDto) => item.revision !== null)
  @IsInt()
  @Min(1)
  @Max(2 ** 31 - 1)
  revision!: number | null;
}

export function toItem({ snap, channel, revision }: ChangeItemDto): ChangeItem {
  return { format: 'snap', name: snap, channel, version: revision === null ? null : String(revision) };
}
