import { IsIn, IsInt, IsString, Max, Min } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { commaSeparated, ConfigError, FromEnv, loadConfig, trueOrFalse, wholeNumber } from './config.js';

class Shared {
  @FromEnv('DATABASE_URL', { secret: true })
  @IsIn(['postgres://right'], { message: 'databaseUrl must be a PostgreSQL URL' })
  databaseUrl!: string;
}

class Example extends Shared {
  @FromEnv('HOLDFAST_PROXY_PORT', { read: wholeNumber })
  @IsInt()
  @Min(0)
  @Max(65_535)
  port = 8081;

  @FromEnv('HOLDFAST_ARCHITECTURES', { read: commaSeparated })
  @IsString({ each: true })
  architectures = ['amd64'];

  @FromEnv('HOLDFAST_EVALUATION_DATABASE', { read: trueOrFalse })
  @IsIn([true, false])
  evaluation = false;
}

const right = { DATABASE_URL: 'postgres://right' };

function refusal(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(Example, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.sentences;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('reads each variable as its type, and leaves what is absent or empty', () => {
    const env = {
      ...right,
      HOLDFAST_PROXY_PORT: '0',
      HOLDFAST_ARCHITECTURES: 'amd64, arm64',
      HOLDFAST_EVALUATION_DATABASE: '',
    };
    expect(loadConfig(Example, env)).toMatchObject({
      databaseUrl: 'postgres://right',
      port: 0,
      architectures: ['amd64', 'arm64'],
      evaluation: false,
    });
  });

  it('names the variable, its value and the reason', () => {
    expect(refusal({ ...right, HOLDFAST_PROXY_PORT: '70000' })).toEqual([
      'HOLDFAST_PROXY_PORT is "70000": it must not be greater than 65535.',
    ]);
    expect(refusal({ ...right, HOLDFAST_EVALUATION_DATABASE: 'yes' })).toEqual([
      'HOLDFAST_EVALUATION_DATABASE is "yes": it must be one of the following values: true, false.',
    ]);
  });

  it('shows no secret', () => {
    expect(refusal({ DATABASE_URL: 'postgres://user:hunter2@host' })).toEqual([
      'DATABASE_URL is wrong: it must be a PostgreSQL URL.',
    ]);
  });

  it('shows no credentials in a URL where none belong', () => {
    expect(refusal({ ...right, HOLDFAST_PROXY_PORT: 'http://user:hunt/er@2@host/' })).toEqual([
      expect.stringMatching(/^HOLDFAST_PROXY_PORT is "http:\/\/…@host\/": /) as string,
    ]);
  });

  it('says what is missing, and all that is wrong at once', () => {
    expect(refusal({ HOLDFAST_PROXY_PORT: '-1' })).toEqual([
      'HOLDFAST_PROXY_PORT is "-1": it must not be less than 0.',
      'DATABASE_URL is not set: it must be a PostgreSQL URL.',
    ]);
  });

  it('reports a mistyped name, and accepts the settings of other servers', () => {
    expect(refusal({ ...right, HOLDFAST_PROXY_PROT: '1', HOLDFAST_RING: 'pilot' })).toEqual([
      'HOLDFAST_PROXY_PROT is no setting of Holdfast: was it mistyped?',
    ]);
  });
});
