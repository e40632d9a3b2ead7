import { ApiProperty } from '@nestjs/swagger';
import { EntityTagProperty } from '#platform/revisions/entity-tag.property';
import type { NodeLine, NodePage, NodeState } from './query.js';

class NodeDto implements NodeLine {
  @ApiProperty({ example: 'dmz-1' })
  name!: string;

  @ApiProperty({ enum: ['invited', 'enrolled', 'silent', 'expired', 'forked', 'retired'] })
  state!: NodeState;

  @ApiProperty({ description: 'Batches came whose predecessor is not recorded' })
  recordsMissing!: boolean;

  @ApiProperty({ type: String, nullable: true })
  enrolledAt!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Of an invitation that was not taken yet' })
  tokenExpiresAt!: string | null;

  @ApiProperty({ type: String, nullable: true, description: "By the server's clock" })
  lastHeardAt!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: "How much the node's clock was ahead then" })
  clockAheadMs!: number | null;

  @ApiProperty({ type: String, nullable: true })
  version!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Whose policy it obeys' })
  ring!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Of the policy that it obeys' })
  policyPosition!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Records that it had still to hand over' })
  backlog!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'When the oldest of them was made' })
  backlogSince!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Ed25519, base64' })
  publicKey!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'When its key ends; null also for one that was given no end',
  })
  keyExpiresAt!: string | null;

  @EntityTagProperty()
  etag!: string;
}

export class NodePageDto implements NodePage {
  @ApiProperty({ type: [NodeDto] })
  nodes!: readonly NodeDto[];

  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}
