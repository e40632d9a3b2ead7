import { ApiProperty } from '@nestjs/swagger';

/** Of a line of a list: the tag of the record that it shows. */
export function EntityTagProperty(): PropertyDecorator {
  return ApiProperty({
    example: '"12"',
    description: 'Of this record alone: a command on it takes it as `If-Match`',
  });
}
