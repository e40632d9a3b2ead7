import { ApiProperty } from '@nestjs/swagger';
import type { DeliveryLine, DeliveryPage } from './query.js';

export class DeliveredDeviceDto {
  @ApiProperty()
  brand!: string;

  @ApiProperty()
  model!: string;

  @ApiProperty()
  serial!: string;

  @ApiProperty({
    description:
      '`store`: upstream has accepted the serial; `key`: it showed a key while upstream could not be asked, which may be anybody',
  })
  proof!: string;
}

export class MemberStampDto {
  @ApiProperty()
  ring!: string;

  @ApiProperty({ example: 'serial acme/gateway/0001', description: 'The rule of membership' })
  rule!: string;

  @ApiProperty({ description: 'The ledger position of the membership document that had it' })
  position!: string;
}

class DeliveryDto implements DeliveryLine {
  @ApiProperty({ type: DeliveredDeviceDto, nullable: true, description: 'null: it showed no session' })
  device!: DeliveredDeviceDto | null;

  @ApiProperty({ example: 'core18' })
  snap!: string;

  @ApiProperty({ type: String, nullable: true })
  snapId!: string | null;

  @ApiProperty()
  revision!: number;

  @ApiProperty({ description: 'The proxy that recorded it' })
  node!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Of the last offer' })
  channel!: string | null;

  @ApiProperty({ description: 'In how many hours it was offered' })
  offered!: number;

  @ApiProperty({ description: 'How often it was downloaded to its end' })
  completed!: number;

  @ApiProperty({ description: 'How often a download broke off' })
  brokenOff!: number;

  @ApiProperty({ description: "By the node's clock" })
  firstAt!: string;

  @ApiProperty({ description: "By the node's clock" })
  lastAt!: string;

  @ApiProperty({ type: String, nullable: true, description: "By the node's clock" })
  completedAt!: string | null;

  @ApiProperty({ description: 'The ledger position of the policy that was obeyed at the last of these' })
  position!: string;

  @ApiProperty({
    type: MemberStampDto,
    nullable: true,
    description: 'Why the device was in its ring then; null: by no rule, it was the ring of the proxy',
  })
  member!: MemberStampDto | null;

  @ApiProperty({ description: "By the server's clock" })
  recordedAt!: string;
}

export class DeliveryPageDto implements DeliveryPage {
  @ApiProperty({ type: [DeliveryDto] })
  deliveries!: readonly DeliveryDto[];

  @ApiProperty({ type: String, nullable: true, description: 'The last time of all that was asked for' })
  lastSeenAt!: string | null;

  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}
