/**
 * `netwright news list`, inside the sandbox.
 *
 * @module
 */

import type { OverviewRecord } from "../../../protocols/nntp/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import type { ListPlan } from "../../commands/news/list.ts";
import { chosenArticles } from "../../news/chosen_articles.ts";
import { openNews } from "../../news/connect.ts";
import { indentation, threaded } from "../../news/threads.ts";
import { EXIT } from "../../terminal/failure.ts";
import { Table } from "../../terminal/table.ts";

/** The command, in the sandbox. */
export const action: Action<ListPlan> = {
  async run({ server, choice, threads }, context) {
    const { client, malformed } = await openNews(server, context);
    await using _ = client;
    const records = chosenArticles(client, server.group!, choice);
    const rows = new Rows(context);
    if (!threads) { for await (const record of records) await rows.add(record, 0); }
    else {
      const all = await Array.fromAsync(records);
      for (const { record, depth } of threaded(all)) await rows.add(record, depth);
    }
    await rows.end();
    await client.quit();
    return malformed() > 0 ? EXIT.partly : EXIT.done;
  },
};

/** Rows of articles. */
class Rows {
  readonly #context: Context;
  readonly #table: Table;

  constructor(context: Context) {
    this.#context = context;
    const headings = ["number", "lines", "date", "from", "subject"];
    this.#table = new Table(context.stdout, { headings, widths: [6, 5, 10, 28, 0] });
  }

  async add(record: OverviewRecord, depth: number): Promise<void> {
    const { number, lines, bytes, date, author, subject, messageId, references } = record;
    if (this.#context.json) {
      const facts = { number, messageId, date, from: author, subject, lines, bytes, references };
      return await this.#context.stdout.json({ ...facts, depth });
    }
    const day = date?.toISOString().slice(0, 10) ?? "";
    await this.#table.row(number, lines ?? "", day, author, indentation(depth) + subject);
  }

  async end(): Promise<void> {
    await this.#table.end();
  }
}
