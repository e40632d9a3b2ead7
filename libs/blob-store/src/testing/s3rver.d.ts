/** What we use of the package; it has no types of its own. */
declare module 's3rver' {
  import type { ServerResponse } from 'node:http';

  interface Context {
    readonly method: string;
    readonly path: string;
    readonly query: Readonly<Record<string, string | undefined>>;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly res: ServerResponse;
    /** False: the answer is not Koa's to give. */
    respond: boolean;
    status: number;
    type: string;
    body: unknown;
  }

  type Middleware = (context: Context, next: () => Promise<void>) => Promise<void>;

  export default class S3rver {
    /** In the order in which they are asked. */
    readonly middleware: Middleware[];
    constructor(options: {
      readonly port: number;
      readonly address: string;
      readonly silent: boolean;
      readonly vhostBuckets: boolean;
      readonly directory: string;
      readonly configureBuckets: readonly { readonly name: string }[];
    });
    run(): Promise<{ readonly port: number }>;
    close(): Promise<void>;
  }
}
