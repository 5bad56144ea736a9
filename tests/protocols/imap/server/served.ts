/** A server on a network in memory, and a client that sends lines and shows responses. */

import {
  type Connection,
  dial,
  type Endpoint,
  LineReader,
  memoryNetwork,
  type Network,
  writeAll,
} from "../../../../src/net/mod.ts";
import {
  handleImap,
  type ImapServerOptions,
  type ImapSessionSummary,
} from "../../../../src/protocols/imap/mod.ts";
import { type MailFolder, MemoryMail } from "../../../../src/stores/mod.ts";

/** A running server. */
export interface ServedImap extends AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly network: Network;
  readonly store: MemoryMail;
  /** A mailbox of ann. */
  folder(name: string): Promise<MailFolder>;
  /** Failures of the server. */
  readonly errors: unknown[];
  readonly summaries: ImapSessionSummary[];
  readonly refused: string[];
}

/** The password of all users. */
export const PASSWORD = "sesame";
/** When the server thinks it is. */
export const NOW = new Date("2026-11-30T12:00:00Z");

/** Serves mail in memory. */
export function servedImap(options: Partial<ImapServerOptions> = {}): ServedImap {
  const network = memoryNetwork();
  const listener = network.listen({ transport: "tcp", hostname: "127.0.0.1", port: 0 });
  const store = new MemoryMail();
  const errors: unknown[] = [];
  const summaries: ImapSessionSummary[] = [];
  const refused: string[] = [];
  const sessions: Promise<void>[] = [];
  const serve = async (connection: Connection): Promise<void> => {
    using own = connection;
    try {
      await handleImap(own, {
        users: { checkPassword: (_, password) => Promise.resolve(password === PASSWORD) },
        open: (user) => store.account(user),
        insecureAuth: true,
        now: () => NOW,
        onError: (error) => errors.push(error),
        onEnd: (summary) => summaries.push(summary),
        onRefused: (user) => refused.push(user),
        timeoutMs: 20_000,
        ...options,
      });
    } catch (error) {
      errors.push(error);
    }
  };
  const accepting = (async () => {
    for await (const connection of listener) sessions.push(serve(connection));
  })();
  return {
    endpoint: { ...listener.addr, transport: "tcp" } as Endpoint,
    network,
    store,
    errors,
    summaries,
    refused,
    folder: async (name) => (await (await store.account("ann")).folder(name))!,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(sessions);
    },
  };
}

/** A client that shows responses: a line for each, literals as `{5}text`. */
export class RawClient implements Disposable {
  readonly #connection: Connection;
  readonly #reader: LineReader;
  #count = 0;

  private constructor(connection: Connection) {
    this.#connection = connection;
    this.#reader = new LineReader(connection, { maxLineBytes: 10_000_000 });
  }

  /** Connects, and logs in as ann. */
  static async open(
    server: ServedImap,
    ...commands: readonly string[]
  ): Promise<RawClient> {
    const client = await RawClient.connect(server);
    for (const command of ["LOGIN ann sesame", ...commands]) {
      const responses = await client.send(command);
      if (!responses.at(-1)!.startsWith("OK")) throw new Error(responses.join("\n"));
    }
    return client;
  }

  /** Connects, and reads the greeting. */
  static async connect(server: ServedImap): Promise<RawClient> {
    const client = new RawClient(await dial(server.endpoint, { network: server.network }));
    await client.response();
    return client;
  }

  /** Sends bytes unchanged. */
  async write(text: string): Promise<void> {
    await writeAll(this.#connection, new TextEncoder().encode(text)).catch(() => {});
  }

  /** Reads a response. */
  async response(): Promise<string> {
    let text = "";
    while (true) {
      const line = await this.#reader.readLine().catch(() => undefined);
      if (line === undefined) return text === "" ? "[closed]" : `${text}[closed]`;
      text += line;
      const size = /\{(\d+)\}$/.exec(line)?.[1];
      const isFree = /^(?:\S+ )?(?:OK|NO|BAD|BYE) /.test(text);
      if (size === undefined || isFree) return text;
      text += new TextDecoder().decode(await this.#reader.readExact(Number(size)));
    }
  }

  /** Sends a command; where the server must agree to a literal, the rest is in further texts. */
  async send(command: string, ...literals: readonly string[]): Promise<string[]> {
    const tag = `t${++this.#count}`;
    await this.write(`${tag} ${command}\r\n`);
    const responses: string[] = [];
    const rest = [...literals];
    while (true) {
      const response = await this.response();
      if (response.startsWith("+") && rest.length > 0) {
        await this.write(rest.shift()!);
        continue;
      }
      if (response.startsWith(`${tag} `)) {
        responses.push(response.slice(tag.length + 1));
        return responses;
      }
      responses.push(response);
      if (response === "[closed]" || response.startsWith("+")) return responses;
    }
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}

/** Puts messages into a mailbox. */
export async function fill(folder: MailFolder, ...texts: readonly string[]): Promise<void> {
  for (const [at, text] of texts.entries()) {
    await folder.append(new TextEncoder().encode(text), {
      received: new Date(NOW.getTime() - (texts.length - at) * 86_400_000),
    });
  }
}
