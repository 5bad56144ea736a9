/**
 * Runs our program as a process, as a user would.
 *
 * @module
 */

/** Longest run of one process, in milliseconds. */
const RUN_MS = 60_000;
/** Longest run of a server, which serves all of a table. */
const SERVER_MS = 300_000;

/** The repository's root. */
export const ROOT: string = new URL("../../", import.meta.url).pathname;

/** The program's main module: a bundle, or the source. */
export const MAIN: string = Deno.env.get("NETWRIGHT_MAIN") ?? "main.ts";

/** The flag that the tasks add where JSR is out of reach. */
export const OFFLINE_FLAGS: readonly string[] = import.meta.resolve("@std/yaml").startsWith("file:")
  ? [`--import-map=${ROOT}scripts/offline/import_map.json`]
  : [];

/** How a process ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Input and environment of a process. */
export interface RunOptions {
  /** Standard input; empty if absent. */
  readonly stdin?: string | Uint8Array;
  /** Flags of `deno run`; everything is allowed if absent. */
  readonly flags?: readonly string[];
  /** The compiled executable, to which no flags apply; the source is run if absent. */
  readonly executable?: string;
  /** The module to run in place of {@link MAIN}. */
  readonly main?: string;
  /** The network namespace to run in; the test's own if absent. */
  readonly namespace?: string;
  /** How many descriptors it may have; as many as the test if absent. */
  readonly descriptors?: number;
  /** The file that standard output goes to; the test if absent. */
  readonly output?: string;
  /** The working folder. @default {ROOT} */
  readonly cwd?: string;
  /** Longest run, in milliseconds. @default {60_000} */
  readonly runMs?: number;
  /** Environment variables beside the test's own. */
  readonly env?: Record<string, string>;
}

function denoCommand(words: readonly string[], options: RunOptions): Deno.Command {
  const { executable, flags = ["-A"], main = MAIN, namespace, descriptors, output } = options;
  const argv = [
    ...(namespace === undefined ? [] : ["ip", "netns", "exec", namespace]),
    ...(descriptors === undefined
      ? []
      : ["sh", "-c", 'ulimit -n "$0"; exec "$@"', String(descriptors)]),
    ...(output === undefined ? [] : ["sh", "-c", 'exec "$@" >"$0"', output]),
    ...(executable === undefined
      ? [
        Deno.execPath(),
        "run",
        "--no-prompt",
        ...(main.endsWith(".ts") ? OFFLINE_FLAGS : []),
        ...flags,
        ...(options.cwd === undefined
          ? [main]
          : [`--config=${ROOT}deno.json`, main.startsWith("/") ? main : ROOT + main]),
      ]
      : [executable]),
    ...words,
  ];
  return new Deno.Command(argv[0]!, {
    args: argv.slice(1),
    cwd: options.cwd ?? ROOT,
    env: { NO_COLOR: "1", ...options.env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(options.runMs ?? RUN_MS),
  });
}

/** Runs a command line to its end. */
export async function netwright(
  words: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const child = denoCommand(words, options).spawn();
  const { stdin = "" } = options;
  const bytes = typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin;
  // A program that does not read its input may end first.
  const feeding = ReadableStream.from([bytes]).pipeTo(child.stdin).catch(() => {});
  const { code, stdout, stderr } = await child.output();
  await feeding;
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A process that is running; disposing of it ends it. */
export interface Running extends AsyncDisposable {
  readonly child: Deno.ChildProcess;
  /** The next line of standard output. */
  line(): Promise<string | undefined>;
  /** Asks it to end and waits for that. */
  stop(signal?: Deno.Signal): Promise<Deno.CommandStatus>;
  /** The next line of standard error. */
  errorLine(): Promise<string | undefined>;
  /** The rest of standard error, once it ended. */
  readonly stderr: Promise<string>;
}

interface Lines {
  /** The next line, or undefined at the end. */
  next(): Promise<string | undefined>;
  /** All that is left, once the stream ended; the same each time. */
  rest(): Promise<string>;
  cancel(): Promise<void>;
}

/** A stream that fills up would stop the program: whatever comes is taken at once. */
export function linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Lines {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let ended = false;
  let news = Promise.withResolvers<void>();
  const taking = (async (): Promise<void> => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      text += next.value;
      news.resolve();
      news = Promise.withResolvers();
    }
  })().catch(() => {}).finally(() => {
    ended = true;
    news.resolve();
  });
  return {
    async next() {
      while (!text.includes("\n") && !ended) await news.promise;
      const end = text.indexOf("\n");
      if (end < 0) return undefined;
      const first = text.slice(0, end);
      text = text.slice(end + 1);
      return first;
    },
    async rest() {
      await taking;
      return text;
    },
    cancel: () => reader.cancel(),
  };
}

/** Starts a command line. */
export function startNetwright(words: readonly string[], options: RunOptions = {}): Running {
  const child = denoCommand(words, options).spawn();
  const output = linesOf(child.stdout);
  const errors = linesOf(child.stderr);
  let ended = false;
  child.status.then(() => ended = true);
  const stop = async (signal: Deno.Signal = "SIGTERM"): Promise<Deno.CommandStatus> => {
    if (!ended) child.kill(signal);
    return await child.status;
  };
  return {
    child,
    line: output.next,
    errorLine: errors.next,
    stop,
    get stderr() {
      return errors.rest();
    },
    async [Symbol.asyncDispose]() {
      await stop("SIGKILL");
      await errors.rest();
      await output.cancel();
      // The pipe may be locked by a test that wrote to it.
      await child.stdin.close().catch(() => {});
    },
  };
}

/** Starts a server and waits until it listens. */
export async function serve(
  words: readonly string[],
  options: RunOptions = {},
): Promise<Running & { readonly endpoint: string }> {
  const running = startNetwright(["serve", ...words], { runMs: SERVER_MS, ...options });
  const line = await running.line();
  const endpoint = /^listening on (.+)$/.exec(line ?? "")?.[1];
  if (endpoint === undefined) {
    await running.stop();
    throw new Error(`did not listen: ${line} ${await running.stderr}`);
  }
  return { ...running, endpoint };
}

/** The flags that `--permissions` prints for a command line. */
export async function flagsOf(words: readonly string[]): Promise<string[]> {
  const { stdout, stderr } = await netwright(["--permissions", ...words]);
  const command = stdout.trimEnd().split("\n").at(-1) ?? "";
  const flags = [...command.matchAll(/'(--allow-[^']+)'|(--allow-\S+)/g)].map((match) =>
    match[1] ?? match[2]!
  );
  if (!command.startsWith("deno run ")) throw new Error(stdout + stderr);
  return flags;
}
