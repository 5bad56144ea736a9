/**
 * An FTP server in memory, for tests.
 *
 * @module
 */

import { closeQuietly } from "../../src/net/internal.ts";
import {
  type Connection,
  Deadline,
  type HostEndpoint,
  LineReader,
  type Listener,
  memoryNetwork,
  type Network,
  secure,
  type SecureClientOptions,
  writeAll,
} from "../../src/net/mod.ts";
import {
  FtpClient,
  type FtpClientOptions,
  type FtpServerOptions,
  type FtpTransferRecord,
  handleFtp,
} from "../../src/protocols/ftp/mod.ts";
import { parseExtendedPort } from "../../src/protocols/ftp/codec/data_address.ts";
import { type FileTree, MemoryTree } from "../../src/stores/mod.ts";

/** A server of one tree, for Ann with "secret" and for anyone. */
export class Served implements AsyncDisposable {
  readonly network: Network;
  readonly tree: FileTree;
  readonly transfers: FtpTransferRecord[] = [];
  readonly endpoint: HostEndpoint;
  readonly #listener: Listener;
  readonly #sessions: Promise<void>[] = [];
  readonly #ending = new AbortController();

  constructor(
    options: Partial<FtpServerOptions> = {},
    network: Network = memoryNetwork(),
    tree: FileTree = new MemoryTree(),
    hostname: string = "127.0.0.1",
  ) {
    this.network = network;
    this.tree = tree;
    this.#listener = this.network.listen({ hostname, port: 0 });
    const { port } = this.#listener.addr as Deno.NetAddr;
    this.endpoint = { transport: "tcp", hostname, port };
    void this.#serve(options);
  }

  async #serve(options: Partial<FtpServerOptions>): Promise<void> {
    try {
      while (true) {
        const connection = await this.#listener.accept();
        const session = handleFtp(connection, {
          network: this.network,
          authenticate: (user, password) =>
            Promise.resolve(
              user === "ann" && password === "secret"
                ? { tree: this.tree, canWrite: true }
                : user === "anonymous"
                ? { tree: this.tree, canWrite: false }
                : undefined,
            ),
          onTransfer: (record) => this.transfers.push(record),
          signal: this.#ending.signal,
          ...options,
        });
        this.#sessions.push(session.catch(() => {}).finally(() => closeQuietly(connection)));
      }
    } catch {
      // The listener was closed.
    }
  }

  async connect(
    options: FtpClientOptions & { endpoint?: HostEndpoint } = {},
    user?: string,
  ): Promise<FtpClient> {
    const { endpoint = this.endpoint, ...rest } = options;
    return await FtpClient.connect(endpoint, {
      network: this.network,
      ...(user === "ann" && { user: "ann", password: "secret" }),
      ...rest,
    });
  }

  /** Waits for the first sessions to end by themselves. */
  async ended(count: number): Promise<void> {
    await Promise.all(this.#sessions.slice(0, count));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.#ending.abort(new Error("the test is over"));
    await Promise.all(this.#sessions);
  }
}

/** A session of raw lines. */
export class RawSession implements Disposable {
  readonly #served: Served;
  #connection: Connection;
  #lines: LineReader;

  private constructor(served: Served, connection: Connection) {
    this.#served = served;
    this.#connection = connection;
    this.#lines = new LineReader(connection);
  }

  static async open(served: Served): Promise<RawSession> {
    const session = new RawSession(
      served,
      await served.network.connect({
        ...served.endpoint,
        transport: "tcp",
      }),
    );
    await session.reply();
    await session.say("USER ann");
    await session.say("PASS secret");
    return session;
  }

  async reply(): Promise<string> {
    using deadline = new Deadline({ timeoutMs: 5000 }, { operation: "read a reply" });
    return await deadline.wait(this.#lines.readLine(), () => this.#connection.close()) ?? "";
  }

  async say(line: string): Promise<string> {
    return await this.sayBytes(new TextEncoder().encode(`${line}\r\n`));
  }

  /** Sends bytes, whatever they are, and reads one reply. */
  async sayBytes(bytes: Uint8Array): Promise<string> {
    await writeAll(this.#connection, bytes);
    return await this.reply();
  }

  /** Goes over to TLS, and logs in again. */
  async startTls(options: SecureClientOptions): Promise<void> {
    await this.say("AUTH TLS");
    this.#connection = await secure(this.#connection, options);
    this.#lines = new LineReader(this.#connection);
    await this.say("USER ann");
    await this.say("PASS secret");
  }

  async data(): Promise<Connection> {
    const port = parseExtendedPort(await this.say("EPSV"))!;
    return await this.#served.network.connect({ transport: "tcp", hostname: "127.0.0.1", port });
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}
