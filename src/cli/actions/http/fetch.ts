/**
 * `netwright fetch`, inside the sandbox.
 *
 * @module
 */

import { LimitError } from "../../../net/mod.ts";
import { HostLanes } from "../../../programs/web/mod.ts";
import { statusError } from "../../../protocols/http/internal.ts";
import { downloadTo, type UserAgent } from "../../../protocols/http/mod.ts";
import { makeWritableFolder } from "../../../stores/internal.ts";
import type { Action, Context } from "../../command/context.ts";
import type { FetchPlan } from "../../commands/http/fetch.ts";
import { endsCommand, statusOfSome } from "../../connect/in_turn.ts";
import { explained, openAgent } from "../../http/agent.ts";
import { FileNames } from "../../http/file_names.ts";
import { describeFailure, printErrorLine } from "../../terminal/failure.ts";
import { Progress } from "../../terminal/progress.ts";
import { Table } from "../../terminal/table.ts";

/** Most bytes of a body that is printed. */
const MAX_PRINTED = 256 * 1024 * 1024;
/** Bytes that are read at once of a body that nobody wants. */
const BUFFER_BYTES = 64 * 1024;

/** The command, in the sandbox. */
export const action: Action<FetchPlan> = {
  async run(plan, context) {
    const { http, targets, folder, parallel, inOrder } = plan;
    await using open = await openAgent(http, targets, context, { compression: plan.prints });
    if (folder !== undefined) await makeWritableFolder(folder);
    using progress = new Progress(context, { label: "fetch", unit: "bytes" });
    const fetcher = new Fetcher(plan, context, open.agent, progress);
    const lanes = new HostLanes(parallel);
    const report = new Report(context, progress, plan.prints);
    const names = new FileNames();
    let before: Promise<void> = Promise.resolve();
    let failure: unknown;
    const tasks = targets.map(({ url }) => {
      const file = folder === undefined
        ? undefined
        : `${folder.replace(/(?<=.)\/$/, "")}/${names.nameFor(url)}`;
      const done = lanes.run(new URL(url).host, async () => {
        if (failure !== undefined) throw failure;
        return await fetcher.fetch(url, file);
      });
      const show = async (): Promise<void> => {
        let result: Fetched;
        try {
          result = await done;
        } catch (error) {
          if (error === failure) return;
          if (endsCommand(error, context)) failure = error;
          else await report.failed(url, explained(error));
          return;
        }
        await report.done(url, result);
      };
      done.catch(() => {});
      const shown = (inOrder ? before.then(show) : show()).catch((error) => {
        // Output that is gone ends all of it; the first failure is the one that counts.
        failure ??= error;
      });
      return before = shown;
    });
    for (const task of tasks) await task;
    if (failure !== undefined) throw failure;
    await report.end();
    return statusOfSome(report.failures, targets.length);
  },
};

/** A resource that came. */
interface Fetched {
  readonly status: number;
  readonly bytes: number;
  readonly ms: number;
  readonly file: string | undefined;
  readonly isUnchanged: boolean;
  /** The body, if it is to be printed. */
  readonly body: Uint8Array | undefined;
}

class Fetcher {
  readonly #plan: FetchPlan;
  readonly #context: Context;
  readonly #agent: UserAgent;
  readonly #progress: Progress;

  constructor(plan: FetchPlan, context: Context, agent: UserAgent, progress: Progress) {
    this.#plan = plan;
    this.#context = context;
    this.#agent = agent;
    this.#progress = progress;
  }

  async fetch(url: string, file: string | undefined): Promise<Fetched> {
    const { http, maxBytes = Infinity, prints, resume, onlyIfChanged } = this.#plan;
    const { signal } = this.#context;
    const start = performance.now();
    const timeoutMs = http.maxTimeMs;
    if (file !== undefined) {
      try {
        const { bytes, response, isUnchanged } = await downloadTo(this.#agent, url, file, {
          ...{ signal, timeoutMs, resume, onlyIfChanged },
          maxBytes: this.#plan.maxBytes,
          synced: false,
          retries: http.retries,
          onProgress: (done, total, bytes) =>
            this.#progress.add(bytes, { name: file, done, total }),
        });
        const ms = performance.now() - start;
        return { status: response.status, bytes, ms, file, isUnchanged, body: undefined };
      } finally {
        this.#progress.drop(file);
      }
    }
    await using response = await this.#agent.request("GET", url, {
      signal,
      timeoutMs,
      onBytes: (bytes) => this.#progress.add(bytes),
    });
    if (response.status >= 400) throw statusError(response);
    const body = prints ? await response.bytes(Math.min(maxBytes, MAX_PRINTED)) : undefined;
    const buffer = new Uint8Array(BUFFER_BYTES);
    while (body === undefined && await response.read(buffer) !== null) {
      if (response.bytesRead <= maxBytes) continue;
      throw new LimitError(`the body has more than ${maxBytes} bytes`, {
        operation: "fetch",
        peer: url,
        limit: maxBytes,
      });
    }
    const ms = performance.now() - start;
    const { status, bytesRead: bytes } = response;
    return { status, bytes, ms, file, isUnchanged: false, body };
  }
}

/** Results as they come. */
class Report {
  readonly #context: Context;
  readonly #progress: Progress;
  readonly #table: Table;
  readonly #prints: boolean;
  failures = 0;

  constructor(context: Context, progress: Progress, prints: boolean) {
    this.#context = context;
    this.#progress = progress;
    this.#prints = prints;
    this.#table = new Table(context.stdout, {
      headings: ["status", "bytes", "ms", "url"],
      widths: [6, 11, 8, 0],
    });
  }

  async done(url: string, { status, bytes, ms, file, isUnchanged, body }: Fetched): Promise<void> {
    this.#progress.hide();
    const { stdout, json } = this.#context;
    if (json) {
      const text = body === undefined ? undefined : new TextDecoder().decode(body);
      await stdout.json({
        ...{ url, status, bytes, ms, file },
        ...(isUnchanged && { changed: false }),
        body: text,
      });
    } else if (this.#prints) await stdout.peerBytes(body ?? new Uint8Array(0));
    else await this.#table.row(status, bytes, ms.toFixed(1), url);
  }

  async failed(url: string, error: unknown): Promise<void> {
    this.failures++;
    this.#progress.hide();
    const { stdout, stderr, json } = this.#context;
    if (json) await stdout.json({ url, error: describeFailure(error) });
    const text = describeFailure(error);
    await printErrorLine(text.includes(url) ? text : `${url}: ${text}`, "fetch", stderr);
  }

  async end(): Promise<void> {
    await this.#table.end();
  }
}
