/**
 * A server's events in its log: for people, as one JSON object a line, or as messages of syslog.
 *
 * @module
 */

import { jsonLine } from "../../net/internal.ts";
import { escapeControls } from "../../net/mod.ts";
import { isMistake } from "../../servers/internal.ts";
import type { ServerEvent, ServerStatus } from "../../servers/mod.ts";
import { BackgroundLines, LogFile } from "../../stores/internal.ts";
import type { Context } from "../command/context.ts";
import type { LogSink } from "./log_sink.ts";
import type { LogTarget } from "./log_target.ts";
import { openSyslog } from "./syslog_log.ts";

/** Events that `--quiet` shows too. */
const URGENT: ReadonlySet<ServerEvent["kind"]> = new Set(["failed", "refused", "warning"]);

/** The log of a server command. */
export class ServerLog implements AsyncDisposable {
  readonly #context: Pick<Context, "quiet" | "json">;
  readonly #sink: LogSink;

  private constructor(context: Pick<Context, "quiet" | "json">, sink: LogSink) {
    this.#context = context;
    this.#sink = sink;
  }

  /**
   * Opens a log.
   * @param context The command: `--quiet` leaves failures, refusals and warnings only, `--json` makes objects.
   * @param target Where it goes.
   * @param isConfined Whether the process will give up rights that opening the file again could need.
   * @returns The log.
   * @throws {NetwrightError} If the file cannot be written.
   */
  static async open(
    context: Context,
    target: LogTarget = { kind: "stderr" },
    isConfined: boolean = false,
  ): Promise<ServerLog> {
    const sink = target.kind === "stderr"
      ? lineSink(context)
      : target.kind === "file"
      ? await fileSink(target.path, context, isConfined)
      : await openSyslog(target, context);
    return new ServerLog(context, sink);
  }

  /** Takes an event. */
  readonly event = (event: ServerEvent): void => {
    const { quiet, json } = this.#context;
    if (quiet && !URGENT.has(event.kind)) return;
    if (event.kind === "listening") return;
    const { error, ...reported } = event;
    this.#sink.add(json ? jsonLine(reported) : formatEvent(event), event.kind);
    if (isMistake(error) && !json) {
      this.#sink.add(escapeControls(error.stack ?? "", { lines: true }), event.kind);
    }
  };

  /** Writes the status of a server. */
  status(status: ServerStatus): void {
    const lines = this.#context.json ? [jsonLine({ status })] : formatStatus(status);
    for (const line of lines) this.#sink.add(line, "status");
  }

  /** Writes what waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sink.close();
  }
}

/** Lines with the time in front. */
function lineSink({ stderr, json }: Context): LogSink {
  const log = new BackgroundLines({
    write: (text) => stderr.text(text),
    // A server continues if its log is not read any more.
    onFailure: () => {},
  });
  return {
    add: (line, kind) => log.add(timed(line, kind, json), URGENT.has(kind as "failed")),
    close: () => log.close(),
  };
}

async function fileSink(
  path: string,
  { stderr, json }: Context,
  keepsOld: boolean,
): Promise<LogSink> {
  const log = await LogFile.open(path, {
    keepsOld,
    onFailure: ({ message }) => void stderr.line(message).catch(() => {}),
  });
  return {
    add: (line, kind) => log.add(timed(line, kind, json)),
    close: () => log.close(),
  };
}

let lastMs = 0;
let lastTime = "";

/** The time is formatted once for all lines of a millisecond. */
function timed(line: string, kind: string, json: boolean): string {
  const now = Date.now();
  if (now !== lastMs) {
    lastMs = now;
    lastTime = new Date(now).toISOString();
  }
  if (!json) return kind === "status" ? line : `${lastTime} ${line}`;
  return kind === "status" ? line : `{"time":"${lastTime}",${line.slice(1)}`;
}

function formatStatus(status: ServerStatus): string[] {
  const { service, endpoint, connections, accepted, refused, failed, workers = [] } = status;
  return [
    `${service} on ${endpoint}: ${connections} connections, ${accepted} accepted, ` +
    `${refused} refused, ${failed} failed, ` +
    `${status.received} bytes received, ${status.sent} sent`,
    ...workers.map(({ id, state, connections, accepted, ageMs }) =>
      `  worker ${id} ${state}: ${connections} connections, ${accepted} accepted, ` +
      `${(ageMs / 1000).toFixed(1)} s old`
    ),
  ];
}

/**
 * Writes one event as a line for people.
 *
 * @param event The event.
 * @returns The line, without the time.
 */
export function formatEvent(
  { kind, service, client, text, ms, received, sent }: ServerEvent,
): string {
  let line = client === undefined ? `${service} ${kind}` : `${service} ${kind} ${client}`;
  if (text !== "") line += ` (${text})`;
  if (ms !== undefined) {
    line += ` ${(ms / 1000).toFixed(3)} s, ${received} bytes received, ${sent} sent`;
  }
  return line;
}
