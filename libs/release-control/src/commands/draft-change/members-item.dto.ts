import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, IsString, Length, ValidateIf } from 'class-validator';
import type { MembersItem } from '../../domain/change-request/change-item.js';
import type { AskedMembers } from '../../domain/membership/rule.js';

const OF = ['serial', 'list', 'model'] as const satisfies readonly AskedMembers['of'][];

/** Devices are to be members of the ring, or no longer. */
export class SetMembersDto {
  @ApiProperty({ enum: ['members'] })
  @IsIn(['members'])
  kind!: 'members';

  @ApiProperty({
    enum: OF,
    description: 'Of one device, of those of a list that was imported, or of all of a brand’s model',
  })
  @IsIn(OF)
  of!: AskedMembers['of'];

  @ApiPropertyOptional({ example: 'acme', description: 'Unless it is of a list' })
  @ValidateIf(({ of }: SetMembersDto) => of !== 'list')
  @IsString()
  @Length(1, 100)
  brand?: string;

  @ApiPropertyOptional({ example: 'gateway', description: 'Unless it is of a list' })
  @ValidateIf(({ of }: SetMembersDto) => of !== 'list')
  @IsString()
  @Length(1, 100)
  model?: string;

  @ApiPropertyOptional({ example: '0001', description: 'Of one device' })
  @ValidateIf(({ of }: SetMembersDto) => of === 'serial')
  @IsString()
  @Length(1, 100)
  serial?: string;

  @ApiPropertyOptional({ example: 'lab', description: 'The newest version of it is what is approved' })
  @ValidateIf(({ of }: SetMembersDto) => of === 'list')
  @IsString()
  @Length(1, 63)
  list?: string;

  @ApiPropertyOptional({ example: '10.20.0.0/16', description: 'Of these, only those that ask from there' })
  @IsOptional()
  @IsString()
  @Length(1, 50)
  network?: string;

  @ApiPropertyOptional({
    example: 'store.lab.example',
    description: 'Of these, only those that ask by this name',
  })
  @IsOptional()
  @IsString()
  @Length(1, 253)
  host?: string;

  @ApiPropertyOptional({ default: true, description: 'false takes the rule away' })
  @IsOptional()
  @IsBoolean()
  members?: boolean;
}

export function toMembersItem({ kind, members, network, host, ...of }: SetMembersDto): MembersItem {
  const narrowing = {
    ...(network === undefined ? {} : { network }),
    ...(host === undefined ? {} : { host }),
  };
  return { kind, members: members ?? true, rule: { ...toMembers(of), ...narrowing } };
}

function toMembers({
  of,
  brand = '',
  model = '',
  serial = '',
  list = '',
}: Omit<SetMembersDto, 'kind'>): AskedMembers {
  switch (of) {
    case 'serial':
      return { of, brand, model, serial };
    case 'list':
      return { of, list };
    case 'model':
      return { of, brand, model };
  }
}
