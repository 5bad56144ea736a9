/**
 * An FTP server in memory, for tests.
 *
 * @module
 */

import {
  closeQuietly,
  type HostEndpoint,
  type Listener,
  memoryNetwork,
  type Network,
} from "../../src/net/mod.ts";
import {
  FtpClient,
  type FtpClientOptions,
  type FtpServerOptions,
  type FtpTransferRecord,
  serveFtp,
} from "../../src/protocols/ftp/mod.ts";
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
        const session = serveFtp(connection, {
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

  async connect(options: Partial<FtpClientOptions> = {}, user?: string): Promise<FtpClient> {
    const client = await FtpClient.connect({
      network: this.network,
      endpoint: this.endpoint,
      ...options,
    });
    if (user === "ann") await client.login("ann", "secret");
    else await client.login();
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.#ending.abort(new Error("the test is over"));
    await Promise.all(this.#sessions);
  }
}
