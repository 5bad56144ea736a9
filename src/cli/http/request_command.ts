/**
 * Commands of one request: `http get`, `head`, `post`, `put`, `delete`.
 *
 * @module
 */

import { union } from "../../net/internal.ts";
import { type Capabilities, UsageError } from "../../net/mod.ts";
import { localName, originPath, partialPath } from "../../stores/internal.ts";
import type { Arguments } from "../command/arguments.ts";
import type { Command } from "../command/command.ts";
import type { OptionSpecs } from "../command/option_spec.ts";
import { BODY_OPTIONS, bodyCapabilities, planBody, RARE_BODY_OPTIONS } from "./body_options.ts";
import { HTTP_OPTIONS, parseWebUrl, planHttp, type WebTarget } from "./options.ts";
import type { OutputPlan, RequestPlan } from "./plans.ts";

/** What becomes of the response. */
const RESPONSE_OPTIONS: OptionSpecs = {
  output: { value: "FILE", short: "o", help: "write the body there, when it is complete" },
  "remote-name": { short: "O", help: "write it under the URL's own name" },
  "remote-header-name": {
    short: "J",
    rare: true,
    help: "with --remote-name: under the name that the server gives",
  },
  include: { short: "i", help: "print status and header fields too" },
  fail: { short: "f", rare: true, help: "print no body of a response of 400 or more" },
  "any-status": { rare: true, help: "a response of 400 or more is no failure" },
  timing: { help: "print how long each phase took" },
  compressed: { rare: true, help: "ask for a compressed body, and decode it" },
  overwrite: { rare: true, help: "let --remote-name replace a file" },
  "max-size": { value: "SIZE", rare: true, help: "largest body that is taken, such as 10M" },
};

/** The text of `help` about what all of them have in common. */
const MANUAL = `Where a request may lead: to the host of the URL, to the same name with or
without www., and from http: to https:. A redirect elsewhere is refused unless
--allow-host names the host (all its ports, or HOST:PORT). '*' allows all
hosts but addresses of this host and its own network, which must be named.

Another origin gets neither passwords, tokens and cookies nor fields of
--header, except those about formats and languages. Passwords and tokens are
sent by TLS or to this host only, unless --insecure-auth is given; a digest
login sends none.

Files: a body is written as .NAME.part, and gets its name when it is complete.
With --continue a later attempt sends ETag or time of the first one along
(.NAME.part.from): if the resource has changed, it begins anew. Without either
the last bytes are compared. A complete file is left as it is unless the
resource has changed since. --retry continues what broke off.

Cookies: FILE has the format of Netscape, which curl and wget share. New ones
are written to it at the end. Names below public suffixes, such as co.uk, are
refused.

Proxies look names up themselves. The environment (http_proxy) is not read.

--http2 uses the runtime's own client: no proxy, no UNIX socket, no phases of
time. All else is HTTP/1.1.`;

/** How {@link requestCommand} makes a command. */
export interface RequestCommandOptions {
  /** The method; it is the command's name too. */
  readonly method: "get" | "head" | "post" | "put" | "delete";
  /** One line for the list of commands. */
  readonly summary: string;
  /** Command lines that work. */
  readonly examples: readonly string[];
  /** A few lines of further help. */
  readonly details?: string;
  /** Options of this method only. */
  readonly options?: OptionSpecs;
}

/**
 * Makes a command of one request.
 *
 * @param options Its method and help.
 * @returns The command.
 */
export function requestCommand(options: RequestCommandOptions): Command<RequestPlan> {
  const { method, summary, examples, details } = options;
  const hasBody = method === "post" || method === "put" || method === "delete";
  return {
    name: `http ${method}`,
    summary,
    operands: method === "put" ? "URL [FILE]" : "URL",
    count: { min: 1, max: method === "put" ? 2 : 1 },
    examples,
    ...(details !== undefined && { details }),
    manual: MANUAL,
    options: {
      ...options.options,
      ...(method === "post" ? BODY_OPTIONS : hasBody ? RARE_BODY_OPTIONS : {}),
      ...(method === "head" ? headOptions() : RESPONSE_OPTIONS),
      ...HTTP_OPTIONS,
    },
    async plan(args, host) {
      const [url = "", file] = args.operands;
      const target = parseWebUrl(url);
      const body = hasBody ? planBody(args, file) : undefined;
      const output = planOutput(args, target);
      const { http, needs } = await planHttp(args, host, [target]);
      return {
        http,
        needs: [bodyCapabilities(body), outputCapabilities(output)].reduce(
          (all, one) => union(all, one),
          needs,
        ),
        method: methodOf(args, method),
        target,
        body,
        output,
        overwrite: args.has("overwrite") || args.has("output"),
        include: args.has("include"),
        compressed: args.has("compressed"),
        failing: failingOf(args),
        timing: args.has("timing"),
        range: rangeOf(args),
        rate: args.bytes("limit-rate"),
        maxBytes: args.bytes("max-size"),
      };
    },
    capabilities: ({ needs }) => needs,
  };
}

function headOptions(): OptionSpecs {
  const { timing, compressed, "any-status": anyStatus } = RESPONSE_OPTIONS;
  return { timing: timing!, compressed: compressed!, "any-status": anyStatus! };
}

function methodOf(args: Arguments, method: string): string {
  const named = args.value("method") ?? method.toUpperCase();
  if (/^[A-Za-z-]{1,30}$/.test(named)) return named;
  throw new UsageError("--method takes a word, such as PATCH");
}

function failingOf(args: Arguments): RequestPlan["failing"] {
  if (args.has("fail") && args.has("any-status")) {
    throw new UsageError("--fail and --any-status exclude each other");
  }
  return args.has("fail") ? "quietly" : args.has("any-status") ? "never" : "status";
}

function rangeOf(args: Arguments): string | undefined {
  const text = args.value("range");
  if (text === undefined) return undefined;
  if (args.has("continue")) throw new UsageError("--range and --continue exclude each other");
  const isOrdered = [...text.matchAll(/(\d+)-(\d+)/g)].every(([, a, b]) => Number(a) <= Number(b));
  if (isOrdered && /^(?:\d+-\d*|-\d+)(?:,(?:\d+-\d*|-\d+))*$/.test(text)) return `bytes=${text}`;
  throw new UsageError("--range takes bytes from 0 on, such as 0-99, 100- or -10");
}

/** The names of standard output. */
const STDOUT = ["-", "/dev/stdout", "/dev/fd/1"];

function planOutput(args: Arguments, { url }: WebTarget): OutputPlan {
  const [file, resume] = [args.value("output"), args.has("continue")];
  if (file !== undefined && args.has("remote-name")) {
    throw new UsageError("--output and --remote-name exclude each other");
  }
  if (file === "") throw new UsageError("--output requires the name of a file");
  const toStdout = file === undefined ? !args.has("remote-name") : STDOUT.includes(file);
  if (toStdout || file === "/dev/null") {
    if (resume) throw new UsageError("--continue requires --output or --remote-name");
    return { kind: toStdout ? "stdout" : "nowhere" };
  }
  if (args.has("include")) throw new UsageError("--include is for standard output");
  if (args.has("remote-header-name")) {
    if (file !== undefined || resume) {
      throw new UsageError("--remote-header-name requires --remote-name, without --continue");
    }
    return { kind: "file", path: remoteName(url), resume, isNamedByServer: true };
  }
  if (file === undefined) return { kind: "file", path: remoteName(url), resume };
  return { kind: "file", path: file.endsWith("/") ? `${file}${remoteName(url)}` : file, resume };
}

/**
 * Names a file after a resource.
 *
 * @param url The resource.
 * @returns The last part of its path, made safe; `index.html` if there is none.
 */
export function remoteName(url: string): string {
  const last = new URL(url).pathname.split("/").at(-1)!;
  let text = last;
  try {
    text = decodeURIComponent(last);
  } catch {
    // It stands for itself.
  }
  return localName(text, "index.html");
}

function outputCapabilities(output: OutputPlan): Capabilities {
  if (output.kind !== "file") return {};
  const { path, isNamedByServer = false } = output;
  // Which name the server gives is not known yet.
  if (isNamedByServer) return { read: ["."], write: ["."] };
  const files = [path, partialPath(path), originPath(path)];
  return { read: files, write: files };
}
