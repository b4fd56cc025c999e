import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** Stands between a store and its server, on a port that is free, and can lose what comes back. */
export class LossyProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #losing: RegExp | undefined;
  #freezing: RegExp | undefined;
  #onFrozen = (): void => {};

  constructor(socket: string) {
    this.#server = createServer((client) => this.#join(client, createConnection(socket)));
  }

  /** Listens, and gives the address of the database behind it. */
  url(): Promise<string> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        const port = typeof address === 'object' ? address?.port : 0;
        resolve(`postgresql://tutti@127.0.0.1:${port}/postgres`);
      });
    });
  }

  /** The next connection that says something like this is broken when the answer comes, which is lost. */
  loseAnswerTo(question: RegExp): void {
    this.#losing = question;
  }

  /**
   * The next connection that says something like this is not heard any more, but stays: as if its process had been stopped. Ends when
   * the server has answered.
   */
  freezeAfter(question: RegExp): Promise<void> {
    this.#freezing = question;
    return new Promise((resolve) => {
      this.#onFrozen = resolve;
    });
  }

  /** Breaks all connections that there are. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #join(client: Socket, server: Socket): void {
    let lost = false;
    let frozen = false;
    const part = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', part).on('close', () => this.#sockets.delete(socket));
    }
    client.on('data', (data) => {
      const text = data.toString('latin1');
      if (this.#losing?.test(text)) {
        this.#losing = undefined;
        lost = true;
      }
      if (!frozen) server.write(data);
      if (this.#freezing?.test(text)) {
        this.#freezing = undefined;
        frozen = true;
        client.off('close', part);
      }
    });
    client.on('close', part);
    server.on('close', part).on('data', (data) => {
      if (frozen) this.#onFrozen();
      if (lost) part();
      else client.write(data);
    });
  }
}
