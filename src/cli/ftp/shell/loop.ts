/**
 * Where the lines of a shell come from: the command line, a person at a terminal, or a script.
 *
 * @module
 */

import { escapeControls, LineReader } from "../../../net/mod.ts";
import { AppendedLines, readTextFile } from "../../../stores/internal.ts";
import type { Context } from "../../command/context.ts";
import { EXIT, printError } from "../../terminal/failure.ts";
import { FtpSessions } from "../connect.ts";
import type { FtpOptions, FtpTarget } from "../target.ts";
import { InterruptedError, onInterrupt } from "../../terminal/interrupt.ts";
import { LineEditor } from "../../terminal/line_editor.ts";
import { LineInput } from "../../terminal/line_input.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { ShellCompleter } from "./complete.ts";
import { ShellPlaces } from "./places.ts";
import { FtpShell } from "./shell.ts";

/** How a shell is run. */
export interface RunShellOptions {
  /** The server, and where to begin. */
  readonly target: FtpTarget;
  /** How servers are talked to. */
  readonly ftp: FtpOptions;
  /** The local folder for uploads and downloads. */
  readonly localFolder: string;
  /** Lines to run in place of those of standard input. */
  readonly lines: readonly string[];
  /** Programs that `!` may start. */
  readonly programs: readonly string[];
  /** The file for the history of commands. */
  readonly historyFile?: string | undefined;
  /** Where a person may sit. */
  readonly terminal: Terminal;
}

/** How many lines of the history are taken over. */
const MAX_HISTORY = 1000;

/**
 * Runs a shell until its lines end, or `exit`.
 *
 * @param options Server, folder, lines.
 * @param outer Where the command runs.
 * @returns The exit status: in a script that of the first line that failed, which ends it.
 */
export async function runShell(
  options: RunShellOptions,
  outer: Context,
): Promise<number> {
  const { target, ftp, localFolder, lines, terminal } = options;
  let current = new AbortController();
  const context: Context = Object.create(outer, { signal: { get: () => current.signal } });
  await using sessions = new FtpSessions(ftp, context);
  const places = new ShellPlaces(target, sessions, localFolder);
  Object.defineProperty(context, "broker", { value: linkingBelow(outer, places, localFolder) });
  const shell = new FtpShell(places, context, options.programs);

  /** Runs a task that INT ends, while the shell continues. */
  const interruptible = async <T>(act: () => Promise<T>): Promise<T> => {
    current = new AbortController();
    const release = onInterrupt((signal) => {
      current.abort(new InterruptedError(signal));
      sessions.interrupt();
    });
    try {
      return await act();
    } catch (error) {
      // What failed then failed for this reason.
      throw current.signal.aborted ? current.signal.reason : error;
    } finally {
      release();
    }
  };

  /** Runs a line; reports failures. */
  const run = async (line: string): Promise<number | "exit"> => {
    try {
      return await interruptible(() => shell.run(line));
    } catch (error) {
      if (error instanceof InterruptedError && error.status !== SIGINT_STATUS) throw error;
      return await printError(error, "", context.stderr, context.verbose);
    }
  };

  await interruptible(() => places.open());
  if (lines.length > 0) return await runScript(lines, run);
  if (!(outer.stdin.isTerminal && terminal.isTerminal)) {
    return await runScript(scriptLines(new LineReader(outer.stdin, { maxLineBytes: 65_536 })), run);
  }
  return await converse(options, places, run);
}

const SIGINT_STATUS = 130;

/** Runs lines until one fails; a dash before it says that it may. */
async function runScript(
  lines: AsyncIterable<string> | Iterable<string>,
  run: (line: string) => Promise<number | "exit">,
): Promise<number> {
  for await (const line of lines) {
    const mayFail = line.startsWith("-");
    const status = await run(mayFail ? line.slice(1) : line);
    if (status === "exit") break;
    if (status !== EXIT.done && (!mayFail || status === SIGINT_STATUS)) return status;
  }
  return EXIT.done;
}

async function* scriptLines(reader: LineReader): AsyncGenerator<string> {
  for (let line = await reader.readLine(); line !== undefined; line = await reader.readLine()) {
    yield line;
  }
}

/** Runs the lines that a user types. */
async function converse(
  { target, terminal, historyFile }: RunShellOptions,
  places: ShellPlaces,
  run: (line: string) => Promise<number | "exit">,
): Promise<number> {
  const kept = historyFile === undefined ? undefined : new AppendedLines(historyFile, 0o600);
  const history = historyFile === undefined
    ? []
    : (await readTextFile(historyFile)).split("\n").filter((line) => line !== "");
  const editor = new LineEditor({ history, maxHistory: MAX_HISTORY });
  const completer = new ShellCompleter(places);
  const input = new LineInput(terminal, {
    editor,
    complete: (before) => completer.complete(before),
  });
  const who = escapeControls(`${target.username ?? "anonymous"}@${target.endpoint.hostname}`);
  // Between commands Control-C is a key; a signal ends the shell, and restores the terminal.
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  while (true) {
    const release = onInterrupt((signal) => {
      terminal.setRaw(false);
      ended.reject(new InterruptedError(signal));
    });
    let line: string | undefined;
    const before = editor.history.at(-1);
    try {
      const prompt = `${who}:${escapeControls(places.folder, { maxLength: 60 })}> `;
      line = await Promise.race([input.read(prompt), ended.promise]);
    } finally {
      release();
    }
    if (line === undefined) return EXIT.done;
    if (line === editor.history.at(-1) && line !== before) {
      kept?.add(escapeControls(line));
      kept?.flush();
    }
    completer.forget();
    if (await run(line) === "exit") return EXIT.done;
  }
}

/** Links are made by the launcher, below the folder that was declared. */
function linkingBelow(outer: Context, places: ShellPlaces, root: string): Context["broker"] {
  return Object.create(outer.broker, {
    makeLink: {
      value: (order: Parameters<Context["broker"]["makeLink"]>[0]) =>
        outer.broker.makeLink({
          ...order,
          root,
          path: [...places.below(order.root), ...order.path],
        }),
    },
  });
}
