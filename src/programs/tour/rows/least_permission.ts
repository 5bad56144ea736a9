/**
 * A row of the tour.
 *
 * @module
 */

import { CapabilityError, dial, parseEndpoint, systemNetwork } from "../../../net/mod.ts";
import { expect, expectFailure } from "../expect.ts";
import type { TourRow } from "../row.ts";

/** The row of S.1. */
export const row: TourRow = {
  id: "S.1",
  program: "least permission",
  checked: "another host is refused by our network and by the runtime itself",
  async run(tour) {
    const narrow = systemNetwork({ net: ["127.0.0.1:1"] });
    const ours = await dial(narrow, parseEndpoint("127.0.0.1:2")).catch((error) => error);
    expect(ours instanceof CapabilityError, "our network let it through");
    const outside = await tour.command(["daytime", "192.0.2.1:13"]);
    expectFailure(outside, 3, /--allow-net=192\.0\.2\.1:13/);
    const open = systemNetwork();
    const theirs = await dial(open, parseEndpoint("192.0.2.1:13"), { timeoutMs: 500 })
      .catch((error) => error);
    if (theirs instanceof CapabilityError) return;
    return "the runtime is not in a sandbox (--no-sandbox)";
  },
};
