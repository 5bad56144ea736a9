/**
 * An IMAP server in memory whose responses are given.
 *
 * @module
 */

import {
  type Connection,
  formatEndpoint,
  LineReader,
  memoryNetwork,
  type Network,
  writeAll,
} from "../../../src/net/mod.ts";
import {
  ImapClient,
  type ImapClientOptions,
  type ImapMailbox,
} from "../../../src/protocols/imap/mod.ts";
import { formatUidSet } from "../../../src/protocols/imap/codec/uid_set.ts";
import { Secret } from "../../../src/protocols/wire/mod.ts";
import { latin1 } from "../../support/bytes.ts";

/** Where clients find it. */
export const HERE = { transport: "tcp", hostname: "127.0.0.1", port: 143 } as const;

/** Responses by the beginnings of commands; the longest one counts. */
export type Answers = Readonly<Record<string, string | readonly string[]>>;

/**
 * Answers searches for what messages there are by what FETCH says of them.
 *
 * @param answers Responses; keys such as `UID FETCH 4:*` mean both commands.
 * @returns The responses for each.
 */
export function withSearches(answers: Answers): Answers {
  const all: Record<string, string | readonly string[]> = {};
  for (const [key, answer] of Object.entries(answers)) {
    const [, first] = /^UID FETCH (\d+):\*$/.exec(key) ?? [];
    if (first === undefined) {
      all[key] = answer;
      continue;
    }
    const variants = typeof answer === "string" ? [answer] : answer;
    const uids = variants.map((text) =>
      [...text.matchAll(/\(UID (\d+)/g)].map(([, uid]) => Number(uid))
    );
    all[`UID SEARCH UID ${first}:*`] = uids.map((some) => `* SEARCH ${some.join(" ")}\n`);
    variants.forEach((text, index) => {
      const fetch = `UID FETCH ${formatUidSet(uids[index]!).join()} (`;
      all[fetch] = [...all[fetch] ?? [], text];
    });
  }
  return all;
}

/** What else of the server, and the client. */
export interface ScriptOptions {
  /** The greeting. */
  readonly greeting?: string;
  /** Capabilities, beside IMAP4rev1. */
  readonly can?: string;
  /** Options of the client; it logs in as ann. */
  readonly client?: ImapClientOptions;
  /** The network. */
  readonly network?: Network;
}

/** Usual responses. */
const USUAL: Answers = {
  SELECT: "* 3 EXISTS\n* OK [UIDVALIDITY 7] ok\n* OK [UIDNEXT 40] ok\n* FLAGS (\\Seen)\n",
  EXAMINE: "* 3 EXISTS\n* OK [UIDVALIDITY 7] ok\n* OK [UIDNEXT 40] ok\n* FLAGS (\\Seen)\n",
  LOGOUT: "* BYE bye\n",
};

/**
 * Serves one client after another.
 *
 * @param answers Responses: LF becomes CRLF, `TAG` the tag; without a completion, `OK` is added. `-` is nothing at all, an
 *   empty one closes, and so does one that ends with a form feed. Of several, each counts once, the last for good.
 * @param act The client's part.
 * @param options What else.
 * @returns The commands without their tags, literals with their bytes.
 */
export async function scriptedImap(
  answers: Answers,
  act: (client: ImapClient, network: Network) => Promise<void>,
  options: ScriptOptions = {},
): Promise<string[]> {
  const { network = memoryNetwork() } = options;
  return await servedScript(answers, async () => {
    await using client = await ImapClient.connect(HERE, {
      network,
      timeoutMs: 2000,
      credentials: { user: "ann", password: new Secret("sesame") },
      ...options.client,
    });
    await act(client, network);
  }, { ...options, network });
}

/** The same with INBOX open; gives the commands behind SELECT. */
export async function inInbox(
  answers: Answers,
  act: (inbox: ImapMailbox, client: ImapClient) => Promise<void>,
  options: ScriptOptions = {},
): Promise<string[]> {
  const commands = await scriptedImap(
    answers,
    async (client) => await act(await client.open("INBOX"), client),
    options,
  );
  return commands.slice(commands.indexOf("SELECT INBOX") + 1);
}

/** The same, for clients that the caller makes. */
export async function servedScript(
  answers: Answers,
  act: (network: Network) => Promise<void>,
  options: ScriptOptions = {},
): Promise<string[]> {
  const { network = memoryNetwork() } = options;
  await using server = startScript(answers, { ...options, network }, HERE.port);
  await act(network);
  return server.received;
}

/** A server that runs. */
export interface ImapScript extends AsyncDisposable {
  /** Where it listens. */
  readonly endpoint: string;
  /** Commands without their tags. */
  readonly received: string[];
}

/** Starts a server for any number of clients. */
export function startScript(answers: Answers, options: ScriptOptions, port = 0): ImapScript {
  const { network = memoryNetwork(), can = "" } = options;
  const capabilities = `CAPABILITY IMAP4rev1 ${can}`.trimEnd();
  const { greeting = `* OK [${capabilities}] hi\n` } = options;
  const all: Answers = { CAPABILITY: `* ${capabilities}\n`, ...USUAL, ...answers };
  const used = new Map<string, number>();
  const received: string[] = [];
  const listener = network.listen({ ...HERE, port });
  const talk = async (connection: Connection): Promise<void> => {
    const reader = new LineReader(connection, { encoding: "latin1", maxLineBytes: 100_000 });
    const say = (text: string): Promise<void> =>
      writeAll(connection, Uint8Array.from(text.replaceAll("\n", "\r\n"), byteOf));
    await say(greeting);
    let tag = "";
    while (true) {
      const command = await readCommand(reader, say);
      if (command === undefined) return;
      const [, begun, rest] = /^(A\d+) (.*)$/s.exec(command) ?? [];
      const text = rest ?? command;
      tag = begun ?? tag;
      // Asked for now and then, whatever the test is about.
      if (text !== "CAPABILITY") received.push(text);
      const answer = answerTo(all, used, text);
      if (answer === "") return;
      if (answer === "-") continue;
      const isWhole = /^TAG/m.test(answer) || answer.startsWith("+");
      if (answer.endsWith("\f")) return await say(answer.slice(0, -1));
      await say((isWhole ? answer : `${answer}TAG OK done\n`).replaceAll(/^TAG/gm, tag));
    }
  };
  const sessions: Promise<void>[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      // A client that is gone ends its session only.
      sessions.push(talk(connection).catch(() => {}).finally(() => connection.close()));
    }
  })();
  return {
    endpoint: formatEndpoint(listener.addr),
    received,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
      await Promise.all(sessions);
    },
  };
}

function byteOf(character: string): number {
  return character.charCodeAt(0);
}

function answerTo(all: Answers, used: Map<string, number>, command: string): string {
  const key = Object.keys(all)
    .filter((key) => command.startsWith(key))
    .sort((a, b) => b.length - a.length)[0];
  const answer = key === undefined ? "" : all[key]!;
  if (key === undefined) return "TAG OK done\n";
  if (typeof answer === "string") return answer;
  const count = used.get(key) ?? 0;
  used.set(key, count + 1);
  return answer[Math.min(count, answer.length - 1)]!;
}

/** Reads a command with its literals. */
async function readCommand(
  reader: LineReader,
  say: (text: string) => Promise<void>,
): Promise<string | undefined> {
  let command = "";
  while (true) {
    const line = await reader.readLine().catch(() => undefined);
    if (line === undefined) return undefined;
    command += line;
    const [, count, atOnce] = /\{(\d+)(\+?)\}$/.exec(line) ?? [];
    if (count === undefined) return command;
    if (atOnce === "") await say("+ go ahead\n");
    command += `\n${latin1(await reader.readExact(Number(count)))}`;
  }
}
