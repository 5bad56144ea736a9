/**
 * Our program at a terminal of its own.
 *
 * @module
 */

import { MAIN, OFFLINE_FLAGS, ROOT } from "./netwright.ts";

/** A program at a terminal; disposing of it ends it. */
export interface AtTerminal extends AsyncDisposable {
  /** The program's process. */
  readonly pid: number;
  /** All that was shown. */
  text(): string;
  /** Waits until this was shown, behind the text of the last wait. */
  until(text: string): Promise<void>;
  /** Types keys. */
  type(keys: string): Promise<void>;
  /** Waits until it has ended; gives the exit status. */
  status(): Promise<number>;
}

/** What asks the terminal for marks around pastes shows nothing. */
function withoutPasteMarks(text: string): string {
  // deno-lint-ignore no-control-regex -- it begins with ESC
  return text.replace(/\x1b\[\?2004[hl]/g, "");
}

/** Longest life of such a program, in milliseconds. */
const RUN_MS = 30_000;

/**
 * Starts our program at a terminal (Linux only).
 *
 * @param words The command line.
 * @param env Variables beside the test's own.
 * @param next The shell's next command.
 * @returns The program, when it was started.
 */
export async function atTerminal(
  words: readonly string[],
  env: Record<string, string> = {},
  next = "",
): Promise<AtTerminal> {
  return await programAtTerminal(
    ["--no-prompt", "-A", ...OFFLINE_FLAGS, MAIN, ...words],
    env,
    next,
  );
}

/**
 * Starts a program of the runtime at a terminal (Linux only).
 *
 * @param words What follows `deno run`.
 * @param env Variables beside the test's own.
 * @param next The shell's next command.
 * @returns The program, when it was started.
 */
export async function programAtTerminal(
  words: readonly string[],
  env: Record<string, string> = {},
  next = "",
): Promise<AtTerminal> {
  const quoted = [Deno.execPath(), "run", ...words]
    .map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const child = new Deno.Command("script", {
    args: [
      "-qec",
      `${next === "" ? "exec " : ""}sh -c 'echo "pid $$."; exec "$0" "$@"' ${quoted}${next}`,
      "/dev/null",
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1", TERM: "xterm", SHELL: "/bin/sh", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
    signal: AbortSignal.timeout(RUN_MS),
  }).spawn();
  const writer = child.stdin.getWriter();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let shown = "";
  let seen = 0;
  const until = async (requested: string): Promise<void> => {
    while (true) {
      const at = shown.indexOf(requested, seen);
      if (at >= 0) {
        seen = at + requested.length;
        return;
      }
      const { value, done } = await output.read();
      if (done) {
        throw new Error(
          `${JSON.stringify(requested)} never came: ${JSON.stringify(shown.slice(seen))}`,
        );
      }
      shown = withoutPasteMarks(shown + value);
    }
  };
  const status = async (): Promise<number> => {
    // The last output may fill the pipe.
    for (let next = await output.read(); !next.done; next = await output.read()) {
      shown += next.value;
    }
    return (await child.status).code;
  };
  await until("pid ");
  await until(".");
  const pid = Number(/pid (\d+)\./.exec(shown)![1]);
  return {
    pid,
    text: () => shown,
    until,
    type: (keys) => writer.write(new TextEncoder().encode(keys)),
    status,
    async [Symbol.asyncDispose]() {
      // The terminal goes away, and with it the person.
      await writer.close().catch(() => {});
      await output.cancel();
      await child.status;
    },
  };
}
