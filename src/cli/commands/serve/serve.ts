/**
 * `netwright serve`: serves a protocol (4.2 of the book's list).
 *
 * @module
 */

import { findService, listServices } from "../../../services/mod.ts";
import type { Command } from "../../command/command.ts";
import { COMMON_OPTIONS } from "../../command/common_options.ts";
import type { OptionSpecs } from "../../command/option_spec.ts";
import { MODELS_MANUAL } from "../../serving/models_manual.ts";
import {
  isModulePath,
  OWN_SERVICE_OPTIONS,
  ownOptions,
  ownService,
} from "../../serving/own_service.ts";
import { CONNECTION_ONLY, planServing, type ServePlan } from "../../serving/serve_plan.ts";
import { requireService } from "../../serving/require_service.ts";
import { SERVE_OPTIONS } from "../../serving/serve_options.ts";
import { servingBroker, servingCapabilities } from "../../serving/serving_scope.ts";

const DETAILS = "Listens at --listen (port 0: any free one). INT or TERM ends it, HUP reads its\n" +
  "files again, USR2 shows its status.";

const MODELS_HINT = " Models: netwright help serve.";

const SERVICES = [
  ...listServices().map(({ name, port, summary }) =>
    `  ${name.padEnd(9)} ${String(port).padStart(5)}  ${summary}`
  ),
  `  ${"mail".padEnd(9)}        smtp, lmtp, pop3 and imap over the same mailboxes`,
  `  ./FILE.${Deno.build.standalone ? "js" : "ts"}        a protocol of your own`,
];

/** The command. */
export const command: Command<ServePlan> = {
  name: "serve",
  summary: "run a server",
  operands: "SERVICE",
  specialize: withServiceOptions,
  count: { min: 1, max: 1 },
  choices: () => [...listServices().map(({ name }) => name), "mail"],
  examples: ["serve echo --listen 127.0.0.1:0", "serve daytime --udp --listen :1313"],
  list: SERVICES,
  details: DETAILS,
  manual: MODELS_MANUAL,
  options: SERVE_OPTIONS,
  async plan(args) {
    const name = args.operands[0] ?? "";
    if (isModulePath(name)) return planServing(args, ownService(name, args), ownOptions(args));
    return planServing(args, await requireService(name));
  },
  capabilities: servingCapabilities,
  brokered: servingBroker,
};

/** The command for the service that the words name: the service's options come before its own. */
async function withServiceOptions(words: readonly string[]): Promise<Command<ServePlan>> {
  const names = listServices().map(({ name }) => name);
  const named =
    words.find((word, index) =>
      names.includes(word) || (isModulePath(word) && !isOptionValue(words, index))
    ) ?? "";
  if (isModulePath(named)) return OWN_COMMAND;
  const service = await findService(named);
  if (service === undefined) return command;
  const { name, summary, options = {}, path, port } = service;
  const examples = service.examples ?? [
    "--listen 127.0.0.1:0",
    ...Object.entries(options).slice(0, 1).map(([key, { value = "" }]) =>
      `--${key} ${value}`.trimEnd()
    ),
  ];
  const own = { ...command.options };
  // Only what means something to this service.
  if (service.stream === undefined) { for (const key of CONNECTION_ONLY) delete own[key]; }
  if (service.datagram === undefined || service.stream === undefined) delete own.udp;
  if (service.datagram === undefined) delete own["client-rate"];
  if (service.isForPeople !== true) delete own.telnet;
  if (service.stream === undefined) Object.assign(own, DATAGRAM_OPTIONS);
  const inapplicable = Object.keys(command.options ?? {}).filter((key) => !Object.hasOwn(own, key));
  const usual = path === undefined ? `127.0.0.1:${port}` : `unix:${path}`;
  own.listen = {
    ...own.listen!,
    help: `HOST:PORT (0.0.0.0: all addresses), :PORT of 127.0.0.1, or unix:PATH (default ${usual})`,
  };
  const idleSeconds = (service.idleTimeoutMs ?? 300_000) / 1000;
  own["idle-timeout"] = {
    ...own["idle-timeout"]!,
    help: own["idle-timeout"]!.help.replace("300", `${idleSeconds}`),
  };
  return {
    ...common,
    summary,
    operands: name,
    helpName: `serve ${name}`,
    examples: examples.map((words) => `serve ${name} ${words}`),
    details: service.stream === undefined ? DETAILS : DETAILS + MODELS_HINT,
    options: { ...options, ...own },
    inapplicable,
  };
}

/** Whether a word is the value of the option before it; options that the command does not know take one. */
function isOptionValue(words: readonly string[], index: number): boolean {
  const before = words[index - 1] ?? "";
  if (!/^--?[a-z]/i.test(before) || before.includes("=")) return false;
  const known: OptionSpecs = { ...COMMON_OPTIONS, ...OWN_SERVICE_OPTIONS, ...command.options };
  const spec = Object.entries(known).find(([name, { short }]) =>
    before === `--${name}` || before === `-${short}`
  )?.[1];
  return spec === undefined || (spec.value !== undefined && spec.optionalValue !== true);
}

/** Options of services that have datagrams only, in their words. */
const DATAGRAM_OPTIONS: OptionSpecs = {
  "max-connections": { value: "N", help: "datagrams answered at once (default 1000)" },
  "idle-timeout": { value: "SECONDS", help: "forget a silent client (default 300)" },
  grace: { value: "SECONDS", rare: true, help: "time for replies at the end (default 0.5)" },
};

const { list: _, manual: __, ...common } = command;

/** The command for a module of the user's own. */
const OWN_COMMAND: Command<ServePlan> = {
  ...common,
  summary: "run a server of your own",
  operands: "MODULE",
  helpName: "serve",
  examples: [
    "serve ./adder.ts --listen 127.0.0.1:7007",
    "serve ./adder.ts --model fork --set start=5",
  ],
  details:
    "The default export of MODULE is an object with a name and handle(connection, context), or a\n" +
    "ServiceModule of the library. It runs in the sandbox, and may do what the options allow; files\n" +
    "that it imports are read too: --allow-read. The executable runs JavaScript only, which\n" +
    "deno bundle adder.ts -o adder.js makes. " +
    DETAILS + MODELS_HINT,
  options: { ...OWN_SERVICE_OPTIONS, ...command.options },
};
