/**
 * `netwright chat`, inside the sandbox.
 *
 * @module
 */

import type { Action } from "../../command/context.ts";
import type { ChatPlan } from "../../commands/chat/chat.ts";
import { type HostEndpoint, UsageError } from "../../../net/mod.ts";
import { ChatClient } from "../../../protocols/chat/mod.ts";
import { AppendedLines } from "../../../stores/internal.ts";
import { converse } from "../../chat/converse.ts";
import { theOnlyServer } from "../../chat/discovery.ts";
import { receivingOf } from "../../chat/groups.ts";
import { timeoutOptionsOf } from "../../connect/connecting.ts";
import { clientNetwork, pinDatagrams } from "../../connect/network.ts";
import { askLine } from "../../terminal/prompts.ts";
import { processTerminal } from "../../terminal/terminal.ts";

/** The command, in the sandbox. */
export const action: Action<ChatPlan> = {
  async run(plan, context) {
    const { connection, discovery, nickname, channels, lingerMs, log } = plan;
    const terminal = processTerminal;
    const server = discovery !== undefined
      ? await theOnlyServer(discovery, context)
      : await pinDatagrams(connection, context, plan.server!) as HostEndpoint;
    const network = await clientNetwork(connection, context);
    await converse(
      {
        login: (nickname) =>
          ChatClient.login(server, {
            network,
            ...timeoutOptionsOf(connection),
            nickname,
            awayMs: context.stdin.isTerminal ? undefined : connection.timeoutMs ?? 10_000,
            signal: context.signal,
            groups: plan.multicast ? receivingOf(plan.places, context.host, server) : undefined,
          }),
        nickname: nickname ?? await nicknameOf(),
        channels,
        lingerMs,
        terminal,
        log: log === undefined ? undefined : new AppendedLines(log),
      },
      context,
    );
  },
};

async function nicknameOf(): Promise<string> {
  if (processTerminal.isTerminal) return await askLine(processTerminal, "Nickname");
  throw new UsageError("say who you are: NICKNAME@HOST");
}
