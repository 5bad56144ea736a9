/**
 * What commands that ask hosts do.
 *
 * @module
 */

import { shareDatagrams } from "../../net/internal.ts";
import type { ClientOptions, Endpoint } from "../../net/mod.ts";
import type { Action, Context } from "../command/context.ts";
import type { AskPlan } from "./ask_command.ts";
import { timeoutOptionsOf } from "./connecting.ts";
import { clientNetwork, pinDatagrams } from "./network.ts";
import { mapConcurrent } from "./map_concurrent.ts";

/** How hosts are asked, and how their answers are written. */
export interface Question<Result> {
  /** The command's name. */
  readonly name: string;
  /** Asks one host. */
  ask(server: Endpoint, options: ClientOptions): Promise<Result>;
  /** Writes the response of one host. */
  write(result: Result, host: AskedHost, context: Context): Promise<void>;
}

/** Who was asked. */
export interface AskedHost {
  /** The host. */
  readonly endpoint: Endpoint;
  /** Whether it is one of several. */
  readonly isOneOfSeveral: boolean;
}

/**
 * Makes the action: several hosts are asked at once, and answers are written in their order.
 *
 * @param question How they are asked.
 * @returns The action.
 */
export function askAction<Result>({ name, ask, write }: Question<Result>): Action<AskPlan> {
  return {
    async run({ endpoints, connection }, context) {
      using network = shareDatagrams(await clientNetwork(connection, context));
      const isOneOfSeveral = endpoints.length > 1;
      return await mapConcurrent(
        endpoints,
        async (endpoint) => {
          const pinned = await pinDatagrams(connection, context, endpoint);
          return await ask(pinned, { network, ...timeoutOptionsOf(connection) });
        },
        (endpoint, result) => write(result, { endpoint, isOneOfSeveral }, context),
        context,
        name,
      );
    },
  };
}
