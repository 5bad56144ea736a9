/**
 * A row of the tour.
 *
 * @module
 */

import {
  askForText,
  CapabilityError,
  dial,
  parseEndpoint,
  systemNetwork,
} from "../../../../net/mod.ts";
import { serveThread } from "../../../../servers/mod.ts";
import { namedService } from "../../../../services/mod.ts";
import { expect, expectFailure } from "../../core/expect.ts";
import type { TourRow } from "../../core/row.ts";

/** The row of S.1. */
export const row: TourRow = {
  id: "S.1",
  program: "least permission",
  checked:
    "hostile code in the sandbox reaches its one host and nothing else; nothing can be given on",
  startsWorkers: true,
  async run(tour) {
    const allowed = await tour.serve("discard");
    const net = [allowed];
    const { network, broker, signal } = tour;
    const endpoint = parseEndpoint("127.0.0.1:0");
    const named = await namedService("hostile", { allowed });
    await using server = await serveThread(named, { network, broker, endpoint, signal });
    const reported = await askForText(server.endpoint, { network, signal });
    const [first, ...others] = reported.split("\n").map((line) => line.split("\t"));
    expect(first?.[0] === "done", `${first}`);
    expect(others.length > 20, `${others.length} attempts were made`);
    for (const [outcome, name = "", text] of others) {
      // The executable's runtime finds no module outside of it, before it would ask.
      const notFound = Deno.build.standalone && outcome === "failed" && / module/.test(name);
      expect(outcome === "refused" || notFound, `${name}: ${outcome} ${text}`);
    }
    if (tour.capabilities.run === true) return "all else is allowed, by --no-sandbox";
    const more = await broker.start("service", { run: ["true"] }).catch((error) => error);
    expect(more instanceof CapabilityError, "the launcher gave away more than the tour has");
    const narrow = systemNetwork({ net });
    const ours = await dial(parseEndpoint("127.0.0.1:2"), { network: narrow }).catch((error) =>
      error
    );
    expect(ours instanceof CapabilityError, "our network let it through");
    expectFailure(
      await tour.command(["daytime", "192.0.2.1:13"]),
      3,
      /--allow-net=192\.0\.2\.1:13/,
    );
  },
};
