/**
 * An FTP server in memory with a flat folder of files, whose replies a test may replace: for servers with odd habits.
 *
 * @module
 */

import { closeQuietly } from "../../src/net/internal.ts";
import {
  type Connection,
  type HostEndpoint,
  LineReader,
  type Listener,
  memoryNetwork,
  type Network,
  readToEnd,
  writeAll,
} from "../../src/net/mod.ts";
import { FtpClient, type FtpClientOptions } from "../../src/protocols/ftp/mod.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A server's reaction to one command; the result is sent as the reply. */
export type ServerReaction = (
  session: OddSession,
  argument: string,
) => string | void | Promise<string | void>;

/** One control connection. */
export interface OddSession {
  readonly server: OddFtp;
  readonly connection: Connection;
  /** Sends lines. */
  reply(text: string): Promise<void>;
  /** Waits for the data connection. */
  data(): Promise<Connection>;
  /** Sends data as it should be done. */
  send(content: string | Uint8Array): Promise<void>;
  /** The offset of the last REST. */
  offset: number;
  /** The name of the last RNFR. */
  from: string;
}

/** The server. */
export class OddFtp implements Disposable {
  readonly network: Network;
  /** Files by their paths without a slash in front. */
  readonly files: Map<string, string>;
  /** All that clients said. */
  readonly received: string[] = [];
  readonly #control: Listener;
  readonly #acts: Readonly<Record<string, ServerReaction>>;
  readonly #open: { close(): void }[] = [];

  constructor(
    files: Readonly<Record<string, string>>,
    acts: Readonly<Record<string, ServerReaction>> = {},
    network: Network = memoryNetwork(),
  ) {
    this.network = network;
    this.#control = network.listen({ hostname: "127.0.0.1", port: 0 });
    this.files = new Map(Object.entries(files));
    this.#acts = { ...USUAL, ...acts };
    void this.#accept();
  }

  get endpoint(): HostEndpoint {
    const { port } = this.#control.addr as Deno.NetAddr;
    return { transport: "tcp", hostname: "127.0.0.1", port };
  }

  async #accept(): Promise<void> {
    while (true) {
      const connection = await this.#control.accept().catch(() => undefined);
      if (connection === undefined) return;
      // Whatever breaks here, the client reports it.
      this.#serve(connection).catch(() => {}).finally(() => closeQuietly(connection));
    }
  }

  async #serve(connection: Connection): Promise<void> {
    this.#open.push(connection);
    let listener: Listener | undefined;
    // Each offer replaces the last one.
    const offer = (): number => {
      listener?.close();
      listener = this.network.listen({ hostname: "127.0.0.1", port: 0 });
      this.#open.push(listener);
      return (listener.addr as Deno.NetAddr).port;
    };
    const reply = (text: string): Promise<void> => writeAll(connection, encode(text));
    const session: OddSession = {
      server: this,
      connection,
      reply,
      offset: 0,
      from: "",
      data: async () => {
        const data = await listener!.accept();
        this.#open.push(data);
        return data;
      },
      async send(content) {
        await reply("150 here it comes\r\n");
        const data = await session.data();
        await writeAll(data, typeof content === "string" ? encode(content) : content);
        data.close();
        await reply("226 done\r\n");
      },
    };
    await reply("220 odd\r\n");
    const reader = new LineReader(connection, { maxLineBytes: 8192 });
    for (let line; (line = await reader.readLine()) !== undefined;) {
      this.received.push(line);
      const space = line.indexOf(" ");
      const verb = (space < 0 ? line : line.slice(0, space)).toUpperCase();
      const argument = space < 0 ? "" : line.slice(space + 1);
      const act = verb === "EPSV"
        ? this.#acts.EPSV ?? (() => `229 here (|||${offer()}|)`)
        : this.#acts[verb] ?? (() => "502 what?");
      const said = await act(session, verb === "PASV" ? String(offer()) : argument);
      if (typeof said === "string") await reply(`${said}\r\n`);
    }
  }

  async connect(options: FtpClientOptions = {}): Promise<FtpClient> {
    return await FtpClient.connect(this.endpoint, {
      network: this.network,
      timeoutMs: 2000,
      connectTimeoutMs: 2000,
      ...options,
    });
  }

  [Symbol.dispose](): void {
    for (const closing of [this.#control, ...this.#open]) closeQuietly(closing);
  }
}

const plain = (path: string): string => path.replace(/^\//, "");

const USUAL: Readonly<Record<string, ServerReaction>> = {
  USER: () => "331 password",
  PASS: () => "230 welcome",
  TYPE: () => "200 fine",
  NOOP: () => "200 fine",
  QUIT: () => "221 bye",
  CWD: (_, path) => /^\/?$/.test(path) ? "250 there" : "550 no such folder",
  PWD: () => '257 "/"',
  LIST: (session) =>
    session.send(
      [...session.server.files].map(([name, text]) =>
        `-rw-r--r-- 1 ann users ${text.length} Feb 28 2025 ${name}\r\n`
      ).join(""),
    ),
  REST(session, offset) {
    session.offset = Number(offset);
    return "350 go on";
  },
  async RETR(session, path) {
    const text = session.server.files.get(plain(path));
    if (text === undefined) return "550 no such file";
    const from = session.offset;
    session.offset = 0;
    await session.send(text.slice(from));
  },
  async STOR(session, path) {
    await session.reply("150 send it\r\n");
    const text = new TextDecoder().decode(await readToEnd(await session.data()));
    const before = session.server.files.get(plain(path)) ?? "";
    session.server.files.set(plain(path), before.slice(0, session.offset) + text);
    session.offset = 0;
    return "226 done";
  },
  DELE: (session, path) =>
    session.server.files.delete(plain(path)) ? "250 gone" : "550 no such file",
  RNFR(session, path) {
    session.from = plain(path);
    return session.server.files.has(session.from) ? "350 whereto?" : "550 no such file";
  },
  RNTO(session, path) {
    const { files } = session.server;
    files.set(plain(path), files.get(session.from) ?? "");
    files.delete(session.from);
    return "250 renamed";
  },
};
