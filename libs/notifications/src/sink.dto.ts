import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import type { Cursor } from '#event-store/port';
import { SINK_NAME, SINK_NAME_RULE, type Sink } from './domain/sinks/sinks.js';
import type { Target } from './domain/sinks/target.js';
import { TOPIC_NAMES, type Topic } from './domain/sinks/topics.js';

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
  readonly about: readonly Topic[];
  readonly types: readonly string[];
  readonly giveUpAfterHours: number;
  readonly status: Sink['status'];
  readonly failingSince: string | null;
}

export class SinkDto implements ShownSink {
  @ApiProperty({ example: 'operations' })
  readonly name!: string;

  @ApiProperty({ enum: ['webhook'] })
  readonly kind!: Target['kind'];

  @ApiProperty({ example: 'https://ops.example/hooks/holdfast' })
  readonly address!: string;

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
  return { name, kind: target.kind, address: target.url, ...filter, giveUpAfterHours, status, failingSince };
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
