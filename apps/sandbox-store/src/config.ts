import { IsIn, IsInt, IsString, Max, Min } from 'class-validator';
import { FromEnv, wholeNumber } from '#platform/config';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

export class SandboxStoreConfig {
  @FromEnv('HOLDFAST_SANDBOX_HOST')
  @IsString()
  host = '127.0.0.1';

  /** 0: any free one. */
  @FromEnv('HOLDFAST_SANDBOX_PORT', { read: wholeNumber })
  @IsInt()
  @Min(0)
  @Max(65_535)
  port = 8082;

  /** For the trust roots (in `trust-roots/`) and the journal of what was released. */
  @FromEnv('HOLDFAST_SANDBOX_DIR')
  @IsString({ message: 'must be a folder' })
  dir!: string;

  /** Folder of root.pem, store.pem and dev.pem; they are made when it has none. */
  @FromEnv('HOLDFAST_SANDBOX_KEYS')
  @IsString({ message: 'must be a folder' })
  keysDir!: string;

  @FromEnv('HOLDFAST_LOG_LEVEL')
  @IsIn(LOG_LEVELS)
  logLevel = 'info';
}
