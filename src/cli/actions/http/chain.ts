/**
 * `netwright http chain`, inside the sandbox.
 *
 * @module
 */

import type { Hop } from "../../../protocols/http/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import type { ChainPlan } from "../../commands/http/chain.ts";
import { explained, openAgent } from "../../http/agent.ts";
import { EXIT } from "../../terminal/failure.ts";
import { Table } from "../../terminal/table.ts";

/** The command, in the sandbox. */
export const action: Action<ChainPlan> = {
  async run({ page: { http, target }, method }, context) {
    await using open = await openAgent(http, [target], context, { keepsCookies: true });
    const rows = new Rows(context);
    // Each is printed when it is known: the next one may never come.
    let printed: Promise<void> = Promise.resolve();
    const onHop = (hop: Hop): void => {
      printed = printed.then(() => rows.add(hop));
    };
    try {
      await using response = await open.agent.request(method, target.url, {
        signal: context.signal,
        timeoutMs: http.maxTimeMs,
        onHop,
      });
      const { method: last, status, url, lastMs: ms } = response;
      onHop({ method: last, url, status, reason: "redirect", ms });
      await printed;
      await rows.end();
      return status >= 400 ? EXIT.failed : EXIT.done;
    } catch (error) {
      await printed;
      await rows.end();
      throw explained(error);
    }
  },
};

class Rows {
  readonly #context: Context;
  readonly #table: Table;

  constructor(context: Context) {
    this.#context = context;
    this.#table = new Table(context.stdout, {
      headings: ["status", "ms", "method", "url"],
      widths: [9, 8, 6, 0],
    });
  }

  async add({ method, url, status, reason, location, ms }: Hop): Promise<void> {
    if (this.#context.json) {
      return await this.#context.stdout.json({ status, method, url, reason, location, ms });
    }
    const shown = reason === "upgrade" ? "HSTS" : status === 0 ? "failed" : `${status}`;
    await this.#table.row(shown, ms.toFixed(1), method, url);
  }

  async end(): Promise<void> {
    await this.#table.end();
  }
}
