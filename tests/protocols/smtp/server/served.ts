/**
 * Our SMTP server in memory, and a client for it.
 *
 * @module
 */

import {
  type Connection,
  type Endpoint,
  LineReader,
  memoryNetwork,
  type Network,
  writeAll,
} from "../../../../src/net/mod.ts";
import {
  handleSmtp,
  type IncomingMessage,
  type SmtpServerOptions,
} from "../../../../src/protocols/smtp/mod.ts";
import { latin1 } from "../../../support/bytes.ts";

/** A message that was kept. */
export interface KeptMessage extends Omit<IncomingMessage, "text"> {
  /** Its text without its trace, a character for each byte. */
  readonly text: string;
  /** Its trace. */
  readonly trace: string;
}

/** A server that keeps everything. */
export interface Served extends AsyncDisposable {
  readonly network: Network;
  readonly endpoint: Endpoint;
  readonly kept: KeptMessage[];
  readonly errors: unknown[];
  /** Sends lines or bytes at once, and gives all replies until the server closes or sends the expected one. */
  talk(...steps: readonly string[]): Promise<string[]>;
}

/** Serves in memory; at port 25 of a host, if one is named. */
export function served(
  options: Partial<SmtpServerOptions> = {},
  network = memoryNetwork(),
  hostname?: string,
): Served {
  const kept: KeptMessage[] = [];
  const errors: unknown[] = [];
  const listener = network.listen({
    transport: "tcp",
    hostname: hostname ?? "127.0.0.1",
    port: hostname === undefined ? 0 : 25,
  });
  const endpoint = { ...listener.addr, transport: "tcp" } as Endpoint;
  const sessions = new Set<Promise<void>>();
  const accept = async () => {
    for await (const connection of listener) {
      const session = serve(connection).finally(() => sessions.delete(session));
      sessions.add(session);
    }
  };
  const serve = async (connection: Connection) => {
    try {
      await handleSmtp(connection, {
        async deliver({ text, ...message }) {
          let whole = "";
          for await (const piece of text) whole += latin1(piece);
          const end = /^Return-Path: .*\r\nReceived: (?:.*\r\n(?=[ \t]))*.*\r\n/.exec(whole)![0];
          kept.push({ ...message, trace: end, text: whole.slice(end.length) });
        },
        onError: (error) => errors.push(error),
        ...options,
      });
    } catch (error) {
      errors.push(error);
    } finally {
      connection.close();
    }
  };
  const accepting = accept();
  return {
    network,
    endpoint,
    kept,
    errors,
    async talk(...steps) {
      const connection = await network.connect(endpoint as Deno.ConnectOptions & Endpoint);
      const reader = new LineReader(connection, { encoding: "latin1" });
      const received: string[] = [];
      const receive = async () => {
        while (true) {
          const line = await reader.readLine();
          if (line === undefined) return false;
          received.push(line);
          if (line[3] !== "-") return true;
        }
      };
      await receive();
      for (const step of steps) {
        // A step is a group of bytes; as many replies are awaited as it has marks of `|` at its end.
        const [, bytes = "", marks = ""] = /^(.*?)(\|*)$/s.exec(step)!;
        await writeAll(connection, Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
        for (const _ of marks) await receive();
      }
      connection.close();
      return received;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(sessions);
    },
  };
}
