/**
 * The small prompt behind the escape key: commands to the client, not to the server.
 *
 * @module
 */

import { UsageError } from "../../net/mod.ts";
import { OPTION, type TelnetClient, type TelnetSignal } from "../../protocols/telnet/mod.ts";
import { optionName } from "../../protocols/telnet/internal.ts";

/** Commands of Telnet that can be sent by name, with their meanings. */
const SIGNALS: Readonly<Record<string, readonly [signal: TelnetSignal, meaning: string]>> = {
  brk: ["brk", "break"],
  ip: ["ip", "interrupt the process"],
  ao: ["ao", "abort output"],
  ayt: ["ayt", "are you there?"],
  ec: ["ec", "erase a character"],
  el: ["el", "erase the line"],
  ga: ["ga", "go ahead"],
  nop: ["nop", "nothing"],
};

const HELP = [
  "status              the connection and its options",
  `send ${Object.keys(SIGNALS).join("|")}`,
  "send escape         the escape key itself",
  "log FILE, log off   record the session (see --log)",
  "quit                close the connection",
  "an empty line goes back to the session",
];

/** The session that the commands control. */
export interface EscapePromptOptions {
  /** The connection. */
  readonly client: TelnetClient;
  /** The server's name. */
  readonly peer: string;
  /** The character of the escape key. */
  readonly escape: string;
  /**
   * Begins a log, or ends it.
   * @param file Its name; undefined to end it.
   * @throws {NetwrightError} If it cannot be written.
   */
  log(file: string | undefined): void;
}

/** The result of a command. */
export interface EscapeResult {
  /** Lines to show. */
  readonly lines: readonly string[];
  /** Whether the session is over. */
  readonly quits?: boolean;
  /** Whether the prompt comes again. */
  readonly stays?: boolean;
}

const COMMANDS = ["status", "send", "log", "quit", "close", "help"];

/**
 * Runs a line of the prompt.
 *
 * @param line The line.
 * @param options The session.
 * @returns What to show.
 * @throws {UsageError} If there is no such command.
 */
export async function runEscapeLine(
  line: string,
  options: EscapePromptOptions,
): Promise<EscapeResult> {
  const [typed = "", word, ...more] = line.trim().split(/\s+/);
  const found = typed === "" ? [] : COMMANDS.filter((name) => name.startsWith(typed));
  // A beginning is enough, where it is of one command.
  const name = found.length === 1 ? found[0]! : typed;
  if (more.length > 0) throw new UsageError(`${name} takes one word; try help`);
  const { client, peer, escape } = options;
  switch (name) {
    case "":
      return { lines: [] };
    case "help":
    case "?":
      return { lines: HELP, stays: true };
    case "quit":
    case "close":
      return { lines: [], quits: true };
    case "status":
      return { lines: [`connected to ${peer}`, ...statusOf(client)], stays: true };
    case "send": {
      if (word === "escape") {
        await client.write(new TextEncoder().encode(escape));
        return { lines: [] };
      }
      const signal = Object.hasOwn(SIGNALS, word ?? "") ? SIGNALS[word!] : undefined;
      if (signal === undefined) {
        throw new UsageError(`send takes ${Object.keys(SIGNALS).join(", ")} or escape`);
      }
      await client.signal(signal[0]);
      return { lines: [`sent ${word}: ${signal[1]}`] };
    }
    case "log":
      if (word === undefined) throw new UsageError("log takes a file, or off");
      options.log(word === "off" ? undefined : word);
      return { lines: [word === "off" ? "the log has ended" : `recording to ${word}`] };
  }
  throw new UsageError(`there is no ${JSON.stringify(name)}; try help`);
}

/** Options that are agreed on. */
function statusOf(client: TelnetClient): string[] {
  const mode = client.isCharacterMode
    ? "character by character, shown by the server"
    : client.isEchoing
    ? "line by line, not shown"
    : "line by line, shown here";
  const names = (side: "us" | "peer"): string =>
    Object.values(OPTION).filter((option) => client.isOn(side, option)).map(optionName)
      .join(" ") || "none";
  return [
    `input: ${mode}`,
    `options of the server: ${names("peer")}`,
    `options of this side: ${names("us")}`,
    ...(client.charset === undefined ? [] : [`charset: ${client.charset}`]),
  ];
}
