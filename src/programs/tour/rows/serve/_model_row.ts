/**
 * Rows of the server models that start processes or Workers.
 *
 * @module
 */

import { dial, LineReader, type Network, parseEndpoint, writeAll } from "../../../../net/mod.ts";
import type { Server, WorkerServeOptions } from "../../../../servers/mod.ts";
import { type NamedService, namedService } from "../../../../services/mod.ts";
import { expect } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** Clients at once. */
const CLIENTS = 4;

/** Starts a model. */
export type StartModel = (
  named: NamedService,
  options: WorkerServeOptions,
  network: Network,
) => Promise<Server>;

/**
 * Makes the row of a model: four clients talk to the psychotherapist at once, each in its own conversation.
 *
 * @param about Id, program, and a description of the check.
 * @param start Starts the model.
 * @param pool Whether workers are there before clients come.
 * @returns The row.
 */
export function modelRow(
  about: Pick<TourRow, "id" | "program" | "checked">,
  start: StartModel,
  pool: boolean,
): TourRow {
  return {
    ...about,
    startsWorkers: true,
    serves: ["eliza"],
    async run({ network, broker, signal }) {
      const named = await namedService("eliza");
      const endpoint = parseEndpoint("127.0.0.1:0");
      await using server = await start(named, { broker, endpoint, signal }, network);
      const { workers = [] } = server.status();
      expect(workers.length > 0 === pool, `${workers.length} workers wait`);
      await Promise.all(Array.from({ length: CLIENTS }, async () => {
        using client = await dial(server.endpoint, { network, signal });
        const reader = new LineReader(client);
        expect((await reader.readLine())?.startsWith("How do you do") === true, "no greeting");
        await writeAll(client, new TextEncoder().encode("Men are all alike.\r\n"));
        expect(await reader.readLine() === "In what way?", "the wrong answer");
      }));
      await server.shutdown();
      const { accepted, failed } = server.status();
      expect(accepted === CLIENTS && failed === 0, `${accepted} accepted, ${failed} failed`);
    },
  };
}
