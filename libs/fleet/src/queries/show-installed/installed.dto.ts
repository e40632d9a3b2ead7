import { ApiProperty } from '@nestjs/swagger';
import { DeliveredDeviceDto, MemberStampDto } from '../list-deliveries/delivery.dto.js';
import type { InstalledOn, InstalledSnapLine } from './query.js';

class InstalledSnapDto implements InstalledSnapLine {
  @ApiProperty()
  snapId!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'By the verified declaration; null where upstream was not asked, or has none',
  })
  name!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Of a parallel instance, what its key says' })
  instance!: string | null;

  @ApiProperty()
  revision!: number;

  @ApiProperty({ description: 'That it tracks, in its own words', example: 'latest/stable' })
  channel!: string;

  @ApiProperty({ description: 'It follows a cohort' })
  cohort!: boolean;
}

class InstalledOnDto implements InstalledOn {
  @ApiProperty({ type: DeliveredDeviceDto })
  device!: DeliveredDeviceDto;

  @ApiProperty({ example: 'amd64' })
  architecture!: string;

  @ApiProperty({ description: 'The proxy that recorded it' })
  node!: string;

  @ApiProperty({ description: "When it first said so to this proxy, by the node's clock" })
  since!: string;

  @ApiProperty({ description: "When it was last recorded that it does, within a day, by the node's clock" })
  saidAt!: string;

  @ApiProperty({ description: "By the server's clock" })
  recordedAt!: string;

  @ApiProperty({ description: 'The ledger position of the policy that was obeyed then' })
  position!: string;

  @ApiProperty({
    type: MemberStampDto,
    nullable: true,
    description: 'Why the device was in its ring then; null: by no rule, it was the ring of the proxy',
  })
  member!: MemberStampDto | null;

  @ApiProperty({ type: [InstalledSnapDto] })
  snaps!: readonly InstalledSnapDto[];

  @ApiProperty({ description: 'How many more it named than are recorded' })
  leftOut!: number;
}

export class InstalledDto {
  @ApiProperty({
    type: [InstalledOnDto],
    description:
      'By a serial alone more than one device may be meant; whom the store has accepted under a serial comes before whoever showed a key',
  })
  devices!: readonly InstalledOnDto[];
}
