/** The device went away, or its network did: nobody here has to do anything. */
export class ConnectionClosed extends Error {
  override readonly name = 'ConnectionClosed';

  constructor(options?: ErrorOptions) {
    super('the connection was closed', options);
  }
}
