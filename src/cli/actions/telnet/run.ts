/**
 * `netwright telnet run`, inside the sandbox.
 *
 * @module
 */

import { formatEndpoint, LineReader, NetwrightError, UsageError } from "../../../net/mod.ts";
import { charsetOf } from "../../../programs/dialogue/internal.ts";
import { Conversation, RemoteShell, type TextPattern } from "../../../programs/dialogue/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import type { TelnetRunPlan } from "../../commands/telnet/run.ts";
import { credentialsOf } from "../../login/credentials.ts";
import { connectTelnet } from "../../telnet/connect.ts";
import { patternCompiler } from "../../connect/text_pattern.ts";
import { wireTranscript } from "../../terminal/wire.ts";

/** Height of the reported terminal, in lines. */
const ROWS = 50;
/** Longest command in bytes. */
const MAX_COMMAND_BYTES = 65_536;

/** The command, in the sandbox. */
export const action: Action<TelnetRunPlan> = {
  async run(plan, context) {
    charsetOf(plan.charset);
    const commands = commandsOf(plan, context);
    const first = await commands.next();
    if (first.done === true) throw new UsageError("no command was given");
    const shell = await open(plan, context);
    try {
      return await runAll(shell, first.value, commands, { plan, context });
    } finally {
      await shell.close();
    }
  },
};

async function runAll(
  shell: RemoteShell,
  first: string,
  others: AsyncIterable<string>,
  { plan, context }: { readonly plan: TelnetRunPlan; readonly context: Context },
): Promise<number> {
  const { stdout, json } = context;
  let failed = 0;
  for await (const command of chain(first, others)) {
    if (shell.hasEnded) {
      throw new NetwrightError(`the session ended before ${JSON.stringify(command)}`, {
        peer: formatEndpoint(plan.target.endpoint),
      });
    }
    const pieces: string[] = [];
    const { status, hasEnded } = await shell.run(command, async (text) => {
      if (json) pieces.push(text);
      else await stdout.peerBytes(new TextEncoder().encode(text));
    });
    if (json) await stdout.json({ command, output: pieces.join(""), status });
    if (hasEnded && status === undefined && shell.reportsStatus) {
      throw new NetwrightError(`the session ended in ${JSON.stringify(command)}`, {
        peer: formatEndpoint(plan.target.endpoint),
      });
    }
    failed ||= status ?? 0;
    if (failed !== 0 && plan.stops) break;
  }
  return failed;
}

async function* chain(first: string, others: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* others;
}

async function* commandsOf(
  { commands }: TelnetRunPlan,
  { stdin }: Context,
): AsyncGenerator<string> {
  if (commands.length > 0) return yield* commands;
  const reader = new LineReader(stdin, { maxLineBytes: MAX_COMMAND_BYTES });
  for await (const line of reader.lines()) {
    if (line.trim() !== "") yield line;
  }
}

async function open(plan: TelnetRunPlan, context: Context): Promise<RemoteShell> {
  const { target, connection, columns, charset, prompts } = plan;
  const compile = Object.values(prompts).some((text) => text !== undefined)
    ? await patternCompiler()
    : undefined;
  const pattern = (text: string | undefined): TextPattern | undefined =>
    text === undefined ? undefined : compile?.(text);
  const [prompt, loginPrompt, passwordPrompt] = [
    ...[pattern(prompts.command), pattern(prompts.login), pattern(prompts.password)],
  ];
  const { user, password } = await credentialsOf(plan.credentials, target);
  const transcript = connection.wire ? wireTranscript(context.stderr) : undefined;
  const telnet = await connectTelnet(plan, context, {
    terminalType: "dumb",
    windowSize: { columns, rows: ROWS },
    transcript,
    isSecret: password !== undefined && !plan.credentials.insecureAuth,
  });
  const { timeoutMs } = connection;
  return await RemoteShell.open(
    (onScroll) =>
      new Conversation(telnet, {
        ...{ peer: formatEndpoint(target.endpoint), charset, columns, rows: ROWS, keptRows: 0 },
        ...{ onScroll, transcript, signal: context.signal, lineEnd: () => telnet.lineEnd },
      }),
    {
      login: user === undefined
        ? undefined
        : { user, password, loginPrompt, passwordPrompt, timeoutMs },
      ...{ prompt, timeoutMs, idleTimeoutMs: timeoutMs },
    },
  );
}
