import { IsString } from 'class-validator';
import { FromEnv } from '#platform/config';
import { ListenHost, ListenPort, LogLevel } from '#platform/settings-of-servers';

export class SandboxStoreConfig {
  @ListenHost('HOLDFAST_SANDBOX_HOST')
  host = '127.0.0.1';

  /** 0 takes a free one. */
  @ListenPort('HOLDFAST_SANDBOX_PORT')
  port = 8082;

  /** For the trust roots (in `trust-roots/`) and the journal of what was released. */
  @FromEnv('HOLDFAST_SANDBOX_DIR')
  @IsString({ message: 'must be a folder' })
  dir!: string;

  /** Folder of root.pem, store.pem and dev.pem; they are made when it has none. */
  @FromEnv('HOLDFAST_SANDBOX_KEYS')
  @IsString({ message: 'must be a folder' })
  keysDir!: string;

  @LogLevel()
  logLevel = 'info';
}
