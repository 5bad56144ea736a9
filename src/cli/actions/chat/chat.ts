/**
 * `netwright chat`, inside the sandbox.
 *
 * @module
 */

import { actionByArguments } from "../../command/arguments_plan.ts";
import { type HostEndpoint, UsageError } from "../../../net/mod.ts";
import { ChatClient } from "../../../protocols/chat/mod.ts";
import { AppendedLines } from "../../../stores/mod.ts";
import { converse } from "../../chat/converse.ts";
import { theOnlyServer } from "../../chat/discovery.ts";
import { hearingOf } from "../../chat/groups.ts";
import { connectionOptions, waits } from "../../connect/connecting.ts";
import { clientNetwork, pinDatagrams } from "../../connect/network.ts";
import { askLine } from "../../terminal/prompts.ts";
import { processTerminal } from "../../terminal/terminal.ts";
import { placeOf } from "../../commands/chat/chat.ts";

/** The command, in the sandbox. */
export const action = actionByArguments({
  async run(args, context) {
    const { endpoint, nickname } = placeOf(args);
    const terminal = processTerminal;
    const server = endpoint === undefined
      ? await theOnlyServer(args, context)
      : await pinDatagrams(connectionOptions(args), context, endpoint) as HostEndpoint;
    const network = await clientNetwork(connectionOptions(args), context);
    const log = args.value("log");
    await converse(
      {
        login: (nickname) =>
          ChatClient.login(network, server, {
            ...waits(args),
            nickname,
            // A person sees that the server is away, and may wait for it.
            awayMs: context.stdin.isTerminal ? undefined : args.milliseconds("timeout", 10_000),
            signal: context.signal,
            groups: args.has("multicast") ? hearingOf(args, context.host, server) : undefined,
          }),
        nickname: nickname ?? await nicknameOf(),
        channels: args.values("join"),
        lingerMs: args.milliseconds("wait", 1000),
        terminal,
        log: log === undefined ? undefined : new AppendedLines(log),
      },
      args,
      context,
    );
  },
});

async function nicknameOf(): Promise<string> {
  if (processTerminal.isTerminal) return await askLine(processTerminal, "Nickname");
  throw new UsageError("say who you are: NICKNAME@HOST");
}
