/**
 * `netwright telnet script`, inside the sandbox.
 *
 * @module
 */

import { closeQuietly } from "../../../net/internal.ts";
import { type Connection, dial, formatEndpoint, UsageError } from "../../../net/mod.ts";
import { allSteps } from "../../../programs/dialogue/internal.ts";
import {
  Conversation,
  runScript,
  type ScriptProblem,
  type SecretSource,
} from "../../../programs/dialogue/mod.ts";
import { Secret } from "../../../protocols/wire/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import type { TelnetScriptPlan } from "../../commands/telnet/script.ts";
import { dialOptionsOf } from "../../connect/connecting.ts";
import { clientNetwork } from "../../connect/network.ts";
import { firstLineOfFile } from "../../connect/secret_line.ts";
import { connectTelnet, requireSecrecy } from "../../telnet/connect.ts";
import { patternCompiler } from "../../connect/text_pattern.ts";
import { beside, formatProblem, patternsOf, sortedProblems } from "../../telnet/script_file.ts";
import type { TelnetPlan } from "../../telnet/target.ts";
import { EXIT } from "../../terminal/failure.ts";
import { askSecret } from "../../terminal/prompts.ts";
import { processTerminal } from "../../terminal/terminal.ts";
import { wireTranscript } from "../../terminal/wire.ts";

/** The reported size of the terminal. */
const SIZE = { columns: 200, rows: 50 } as const;
/** Most lines of output that a step can search or save. */
const KEPT_ROWS = 200_000;

/** The command, in the sandbox. */
export const action: Action<TelnetScriptPlan> = {
  async run(plan, context) {
    const compile = await patternCompiler();
    if (plan.isCheck) return await check(plan, compile, context);
    const { script, variables, charset } = plan;
    const { stdout, signal } = context;
    const transcript = plan.isWire ? wireTranscript(context.stderr) : undefined;
    const end = await open(plan, context, transcript);
    await using _program = { [Symbol.asyncDispose]: end.finish };
    using conversation = new Conversation(end.connection, {
      ...{
        peer: end.peer,
        charset,
        ...SIZE,
        keptRows: KEPT_ROWS,
        transcript,
        signal,
        lineEnd: end.lineEnd,
      },
    });
    const secrets = new Map<string, Promise<Secret>>();
    await runScript(script, conversation, {
      compile,
      variables,
      timeoutMs: plan.timeoutMs,
      isEchoOff: end.isEchoOff,
      // Asked for once, also when it is sent again.
      secret(source) {
        const key = JSON.stringify(source);
        const known = secrets.get(key) ?? findSecret(source, plan.file);
        secrets.set(key, known);
        return known;
      },
      async print(text) {
        const line = text.endsWith("\n") ? text : `${text}\n`;
        await stdout.peerBytes(new TextEncoder().encode(line));
      },
    });
  },
};

/** Reports all mistakes; the file, patterns included, is fine without one. */
async function check(
  { script, problems, file }: TelnetScriptPlan,
  compile: (text: string) => unknown,
  { stdout, json }: Context,
): Promise<number> {
  const all: ScriptProblem[] = [...problems];
  for (const { at, pattern } of patternsOf(allSteps(script.steps))) {
    try {
      compile(pattern);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      all.push({ at, message: error.reason });
    }
  }
  for (const problem of sortedProblems(all)) {
    if (json) await stdout.json({ ...problem.at, message: problem.message });
    else await stdout.line(formatProblem(problem));
  }
  if (all.length > 0) return EXIT.failed;
  const count = [...allSteps(script.steps)].length;
  if (!json) await stdout.line(`${file}: ${count} steps, no mistakes`);
  return EXIT.done;
}

async function findSecret(source: SecretSource, file: string): Promise<Secret> {
  switch (source.kind) {
    case "file":
      return new Secret(await firstLineOfFile(beside(file, source.path)));
    case "env": {
      const value = Deno.env.get(source.name);
      if (value === undefined) throw new UsageError(`the variable ${source.name} is not set`);
      return new Secret(value);
    }
    case "prompt":
      return await askSecret(processTerminal, source.question.replace(/[:\s]+$/, ""));
  }
}

/** The other end of the conversation. */
interface End {
  readonly connection: Connection;
  readonly peer: string;
  readonly lineEnd: () => string;
  readonly isEchoOff: (() => boolean | undefined | Promise<boolean>) | undefined;
  /** Waits for the end of a program. */
  readonly finish: () => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

async function open(
  plan: TelnetScriptPlan,
  context: Context,
  transcript: ReturnType<typeof wireTranscript> | undefined,
): Promise<End> {
  if (plan.program !== undefined) return await openProgram(plan.program, context);
  const server = plan.server!;
  const peer = formatEndpoint(server.target.endpoint);
  const isSecret = !plan.insecureAuth &&
    [...allSteps(plan.script.steps)].some(({ kind }) => kind === "secret");
  if (isPlain(server)) return await openPlain(server, context, peer, isSecret);
  const client = await connectTelnet(server, context, {
    ...{ terminalType: "dumb", windowSize: SIZE, transcript, isSecret },
  });
  return {
    connection: client,
    peer,
    lineEnd: () => client.lineEnd,
    // A server that echoes does not report when it leaves an input out.
    isEchoOff: () => client.isCharacterMode ? undefined : client.isEchoing,
    finish: nothing,
  };
}

/** Whether the connection is no Telnet. */
function isPlain({ target }: TelnetPlan): boolean {
  return "path" in target.endpoint || target.scheme === "tcp" || target.scheme === "tls";
}

async function openPlain(
  { target, connection: options }: TelnetPlan,
  context: Context,
  peer: string,
  isSecret: boolean,
): Promise<End> {
  const tls = options.tls || target.tls === "implicit";
  const network = await clientNetwork(options, context, { tls, recorded: false });
  const { signal } = context;
  const connection = await dial(target.endpoint, { network, signal, ...dialOptionsOf(options) });
  try {
    if (isSecret) requireSecrecy(connection, target.endpoint);
  } catch (error) {
    closeQuietly(connection);
    throw error;
  }
  return { connection, peer, lineEnd: () => "\r\n", isEchoOff: undefined, finish: nothing };
}

/** A program on a terminal of its own; what ends a line there is the Enter key. */
async function openProgram(argv: readonly string[], { broker }: Context): Promise<End> {
  const terminal = await broker.startOnTerminal({ argv, ...SIZE });
  const address = { transport: "unix", path: argv[0]! } as const;
  // The program gets some time to end, for which `finish` waits.
  const close = (): void => void terminal.end().catch(() => {});
  return {
    connection: {
      localAddr: address,
      remoteAddr: address,
      read: (p) => terminal.read(p),
      write: (p) => terminal.write(p),
      closeWrite: () => Promise.resolve(),
      close,
      [Symbol.dispose]: close,
    },
    peer: argv[0]!,
    lineEnd: () => "\r",
    isEchoOff: () => terminal.isEchoOff(),
    finish: () => terminal.end(),
  };
}
