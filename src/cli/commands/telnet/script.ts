/**
 * `netwright telnet script`: holds a conversation by a script (6.5 of the book's list).
 *
 * @module
 */

import { LIBC_PATHS, parseTarget, union } from "../../../net/internal.ts";
import { type Capabilities, UsageError } from "../../../net/mod.ts";
import type { Script, ScriptProblem, SecretSource } from "../../../programs/dialogue/mod.ts";
import type { Arguments } from "../../command/arguments.ts";
import { NO_BROKER } from "../../command/broker.ts";
import type { Command } from "../../command/command.ts";
import type { Host } from "../../command/host.ts";
import { planConnections, timeoutOptions } from "../../connect/connecting.ts";
import { beside, formatProblem, readScript } from "../../telnet/script_file.ts";
import { planTelnet, TELNET_OPTIONS, type TelnetPlan } from "../../telnet/target.ts";

/** The script, and where it runs. */
export interface TelnetScriptPlan {
  /** The script. */
  readonly script: Script;
  /** Its mistakes. */
  readonly problems: readonly ScriptProblem[];
  /** Values of variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether it is only checked. */
  readonly isCheck: boolean;
  /** The server; undefined for a program, or for a check. */
  readonly server: TelnetPlan | undefined;
  /** The program and its arguments. */
  readonly program: readonly string[] | undefined;
  /** Whether the dialogue is shown. */
  readonly isWire: boolean;
  /** Longest wait of a step in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** Whether secrets may be sent in clear text. */
  readonly insecureAuth: boolean;
  /** The character set of both directions. */
  readonly charset: string;
  /** The folder from which files of secrets are named. */
  readonly file: string;
  /** What all of that needs. */
  readonly needs: Capabilities;
}

/** The command. */
export const command: Command<TelnetScriptPlan> = {
  name: "telnet script",
  summary: "automate a dialogue with a server or a program",
  operands: "FILE [TARGET]",
  rest: "ARG…",
  count: { min: 1, max: 2 },
  examples: [
    "telnet script login.yaml host.example.org --set user=ann",
    "telnet script passwd.yaml --exec passwd",
  ],
  details:
    "TARGET is HOST[:PORT], telnet://, telnets://, tcp://HOST:PORT, tls:// or unix:PATH. FILE is a list\n" +
    "of steps in YAML: expect, send, secret, set, if, repeat, timeout, print, fail, include.",
  manual: [
    '- expect: "login: "           a text; or a list of text, pattern, end, timeout,',
    "  save: before                each with steps of its own (then:); save: keeps",
    "  timeout: 5                  the text before it",
    '- send: "${user}"             a line; enter: false sends no line end',
    "- secret: { env: PASS, after: 'Password: ' }   or { file: PATH }, or",
    "                              { prompt: TEXT }; sent only behind that text, or",
    "                              where the echo is known to be off",
    "- set: { name: value }        variables; groups (?<name>…) of patterns set some",
    "- if: { variable: name, matches: 'RE2' }       or equals:, and not: true",
    "  then: [ … ]",
    "  else: [ … ]",
    "- repeat: 3                   while: { … } may end it before",
    "  steps: [ … ]",
    "- timeout: 60                 of the steps that follow (30 at first)",
    '- print: "${before}"          to standard output',
    '- fail: "no such user"        ends with status 1',
    "- include: other.yaml",
    "",
    "A file may also be a map of variables, timeout and steps. Text from the server",
    "is sent back only if it is one line. --wire shows the dialogue, secrets masked.",
  ].join("\n"),
  options: {
    check: { help: "only report mistakes, with file, line and column" },
    exec: { value: "PROGRAM", help: "talk to a local program; its arguments follow --" },
    set: { value: "NAME=VALUE", many: true, help: "the value of a variable" },
    "insecure-auth": { rare: true, help: "send secrets in clear text" },
    ...TELNET_OPTIONS,
    timeout: { value: "SECONDS", help: "longest wait of a step (default 30)" },
  },
  async plan(args, host) {
    const [file = "", target] = args.operands;
    const variables = variablesOf(args);
    const { script, problems, files, secrets } = await readScript(file, Object.keys(variables));
    const isCheck = args.has("check");
    const [first] = problems;
    if (first !== undefined && !isCheck) {
      const more = problems.length > 1 ? ` (and ${problems.length - 1} more: --check)` : "";
      throw new UsageError(formatProblem(first) + more);
    }
    const exec = args.value("exec");
    if (exec === undefined && args.rest.length > 0) throw new UsageError("arguments need --exec");
    if (exec !== undefined && target !== undefined) {
      throw new UsageError("--exec and a TARGET exclude each other");
    }
    if (!isCheck && exec === undefined && target === undefined) {
      throw new UsageError("a TARGET or --exec is missing");
    }
    const program = exec === undefined ? undefined : [exec, ...args.rest];
    const server = target === undefined || isCheck
      ? undefined
      : await planServer(args, host, target);
    const own = isCheck ? {} : secretCapabilities(secrets, file);
    return {
      ...{ script, problems, variables, isCheck, server, program, file },
      isWire: args.has("wire"),
      ...timeoutOptions(args),
      insecureAuth: args.has("insecure-auth"),
      charset: args.value("charset") ?? "utf-8",
      needs: union({ read: [...files] }, own, server?.needs ?? {}),
    };
  },
  capabilities: ({ needs }) => needs,
  brokered: ({ program, isCheck }) =>
    program === undefined || isCheck ? NO_BROKER : {
      ...NO_BROKER,
      launcher: { ffi: LIBC_PATHS, run: [program[0]!] },
      programs: [program],
    },
};

/** Plans a connection: by Telnet, or a plain one. */
async function planServer(args: Arguments, host: Host, text: string): Promise<TelnetPlan> {
  if (!/^(?:tcp|tls):\/\/|^unix:/i.test(text)) return await planTelnet(args, host, text);
  const target = parseTarget(text, { schemes: ["tcp", "tls"] });
  if (args.has("env")) throw new UsageError("--env is for Telnet");
  return {
    ...await planConnections(args, host, [target.endpoint]),
    ...{ target, charset: args.value("charset") ?? "utf-8", environment: {} },
  };
}

/** Reads `--set`. */
function variablesOf(args: Arguments): Record<string, string> {
  return Object.fromEntries(
    args.values("set").map((text) => {
      const [, name, value] = /^([A-Za-z_]\w*)=([^]*)$/.exec(text) ?? [];
      if (name === undefined || value === undefined) {
        throw new UsageError(`--set takes NAME=VALUE, not ${JSON.stringify(text)}`);
      }
      return [name, value];
    }),
  );
}

/** The files and variables of the environment that secrets come from. */
function secretCapabilities(secrets: readonly SecretSource[], file: string): Capabilities {
  const read: string[] = [];
  const env: string[] = [];
  for (const source of secrets) {
    if (source.kind === "file") read.push(beside(file, source.path));
    else if (source.kind === "env") env.push(source.name);
  }
  return { ...(read.length > 0 && { read }), ...(env.length > 0 && { env }) };
}
