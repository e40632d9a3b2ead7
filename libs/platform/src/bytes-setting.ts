import { applyDecorators } from '@nestjs/common';
import { ValidateBy } from 'class-validator';
import { FromEnv } from './config.js';

const MIB = 1024 * 1024;
const UNITS: Readonly<Record<string, number>> = { '': MIB, M: MIB, G: 1024 * MIB, T: 1024 * 1024 * MIB };

/** A size in bytes, written as megabytes or with M, G or T behind it, as nginx and its users count: in powers of 1024. */
export function Megabytes(variable: string): PropertyDecorator {
  const isSize = ValidateBy({
    name: 'isSize',
    validator: {
      validate: (value) => Number.isSafeInteger(value),
      defaultMessage: () =>
        'must be a size: whole megabytes, or a whole number with M, G or T behind it, as in 8G',
    },
  });
  return applyDecorators(FromEnv(variable, { read: readMegabytes }), isSize);
}

/** @returns bytes; what is none is returned as it is, to be refused */
export function readMegabytes(text: string): unknown {
  const [, number, unit = ''] = /^([0-9]{1,9})([MGT]?)(?:i?B)?$/i.exec(text.trim()) ?? [];
  return number === undefined ? text : Number(number) * (UNITS[unit.toUpperCase()] ?? MIB);
}
