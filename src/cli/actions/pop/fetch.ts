/**
 * `netwright pop fetch`, inside the sandbox.
 *
 * @module
 */

import { popSource } from "../../../programs/fetching/mod.ts";
import type { Action, Context } from "../../command/context.ts";
import type { FetchPlan } from "../../commands/pop/fetch.ts";
import { fetchInto } from "../../fetching/fetch.ts";
import { openMailbox } from "../../pop/connect.ts";
import { readMail } from "../../pop/reader.ts";
import { EXIT } from "../../terminal/failure.ts";

/** The command, in the sandbox. */
export const action: Action<FetchPlan> = {
  async run(plan, context) {
    const { target, server } = plan;
    if (target === undefined) return await readMail(server, plan.reader, context);
    if (target.kind === "print") return await print(plan, context);
    const open = async () => {
      const { client, account } = await openMailbox(server, context);
      return {
        name: account,
        source: popSource(client, account),
        [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
      };
    };
    return await fetchInto({ ...plan, command: "pop fetch", target, open }, context);
  },
};

async function print({ server, ranges }: FetchPlan, context: Context): Promise<number> {
  const { client } = await openMailbox(server, context);
  await using _ = client;
  for await (const piece of client.retrieve(ranges[0]![0])) {
    await context.stdout.peerBytes(piece);
  }
  await client.quit();
  return EXIT.done;
}
