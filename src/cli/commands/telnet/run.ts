/**
 * `netwright telnet run`: runs commands on a machine that is reached by Telnet (6.4 of the book's list).
 *
 * @module
 */

import { checkLoginName, union } from "../../../net/internal.ts";
import { UsageError } from "../../../net/mod.ts";
import type { Command } from "../../command/command.ts";
import {
  CREDENTIAL_OPTIONS,
  credentialCapabilities,
  type CredentialPlan,
  planCredentials,
  userOf,
} from "../../login/credential_options.ts";
import { planTelnet, TELNET_OPTIONS, type TelnetPlan } from "../../telnet/target.ts";

/** The server, the login, and the commands. */
export interface TelnetRunPlan extends TelnetPlan {
  /** Who logs in. */
  readonly credentials: CredentialPlan;
  /** Command lines; those of standard input if there are none. */
  readonly commands: readonly string[];
  /** Patterns of the prompts, if the user gave some. */
  readonly prompts: {
    readonly command: string | undefined;
    readonly login: string | undefined;
    readonly password: string | undefined;
  };
  /** The reported width of the terminal, in characters. */
  readonly columns: number;
  /** Whether a command that fails is the last one. */
  readonly stops: boolean;
}

const { user, ...credentialOptions } = CREDENTIAL_OPTIONS;

/** The command. */
export const command: Command<TelnetRunPlan> = {
  name: "telnet run",
  summary: "run commands on a Telnet server and print their output",
  operands: "HOST[:PORT]|URL",
  rest: "COMMAND…",
  count: { min: 1, max: 1 },
  examples: [
    "telnet run router.example.org --login ann -- 'show version'",
    "telnet run telnets://host.example.org --login ann < COMMANDS",
  ],
  details:
    "Each COMMAND is one line: quote its blanks. Without any, lines of standard input are run. Prints\n" +
    "their output, without echo, prompts and pages. The status is that of the first command that\n" +
    "failed, where the command line reports it (UNIX shells), else 0.",
  options: {
    login: { ...user!, help: "log in as NAME (default: that of the URL or --netrc)" },
    prompt: { value: "PATTERN", help: "the prompt, at the end of a line (RE2; default: learned)" },
    stop: { help: "stop at the first command that fails" },
    columns: { value: "N", rare: true, help: "width of the terminal (default 200)" },
    "login-prompt": { value: "PATTERN", rare: true, help: "the question for the name" },
    "password-prompt": { value: "PATTERN", rare: true, help: "the question for the password" },
    ...credentialOptions,
    ...TELNET_OPTIONS,
  },
  async plan(args, host) {
    const telnet = await planTelnet(args, host, args.operands[0] ?? "");
    const credentials = planCredentials(args, "login");
    const name = userOf(credentials, telnet.target);
    if (name !== undefined) checkLoginName(name);
    const bad = args.rest.find((text) => /[\x00-\x1f\x7f]/.test(text));
    if (bad !== undefined) {
      throw new UsageError("a command is one line without tabs and control characters");
    }
    return {
      ...telnet,
      needs: union(telnet.needs, credentialCapabilities(credentials, telnet.target)),
      credentials,
      commands: args.rest,
      prompts: {
        command: args.value("prompt"),
        login: args.value("login-prompt"),
        password: args.value("password-prompt"),
      },
      columns: args.integer("columns", { min: 20, max: 9999, fallback: 200 }),
      stops: args.has("stop"),
    };
  },
  capabilities: ({ needs }) => needs,
};
