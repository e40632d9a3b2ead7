import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import type { Cursor } from '#event-store/port';
import { SINK_NAME, SINK_NAME_RULE, type Sink } from './domain/sinks/sinks.js';
import { givenAs, type Target } from './domain/sinks/target.js';
import { TOPIC_NAMES, type Topic } from './domain/sinks/topics.js';

export const KINDS = ['webhook', 'mail', 'syslog'] as const satisfies readonly Target['kind'][];

export class SinkParam {
  @ApiProperty({ example: 'operations' })
  @IsString()
  @Matches(SINK_NAME, { message: SINK_NAME_RULE })
  name!: string;
}

/** A sink as it is set. */
export interface ShownSink {
  readonly name: string;
  readonly kind: Target['kind'];
  readonly address: string;
  readonly from: string | null;
  readonly roles: readonly string[];
  readonly recipients: readonly string[];
  readonly about: readonly Topic[];
  readonly types: readonly string[];
  readonly giveUpAfterHours: number;
  readonly status: Sink['status'];
  readonly failingSince: string | null;
}

export class SinkDto implements ShownSink {
  @ApiProperty({ example: 'operations' })
  readonly name!: string;

  @ApiProperty({ enum: KINDS })
  readonly kind!: Target['kind'];

  @ApiProperty({ example: 'https://ops.example/hooks/holdfast' })
  readonly address!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Of mail: the sender' })
  readonly from!: string | null;

  @ApiProperty({ type: [String], description: 'Of mail: whoever has one of these roles when it is sent' })
  readonly roles!: readonly string[];

  @ApiProperty({ type: [String], description: 'Of mail: further addresses' })
  readonly recipients!: readonly string[];

  @ApiProperty({ enum: TOPIC_NAMES, isArray: true, description: 'Both empty: it is told of everything' })
  readonly about!: readonly Topic[];

  @ApiProperty({ type: [String], description: 'Types of events, beside those' })
  readonly types!: readonly string[];

  @ApiProperty({ description: 'After so many hours an event that it does not take is given up' })
  readonly giveUpAfterHours!: number;

  @ApiProperty({ enum: ['active', 'paused'] })
  readonly status!: Sink['status'];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Since when it takes nothing; null while it does',
  })
  readonly failingSince!: string | null;
}

export function shownSink({ name, target, filter, giveUpAfterHours, status, failingSince }: Sink): ShownSink {
  const { kind, address, from = null, roles = [], recipients = [] } = givenAs(target);
  return { name, kind, address, from, roles, recipients, ...filter, giveUpAfterHours, status, failingSince };
}

export class SinkOutcomeDto {
  @ApiProperty({ type: SinkDto })
  readonly sink!: SinkDto;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What its messages are signed with from now on: shown this once. null: as before',
  })
  readonly secret!: string | null;

  @ApiProperty({ type: String, nullable: true })
  readonly cursor!: Cursor | null;
}
