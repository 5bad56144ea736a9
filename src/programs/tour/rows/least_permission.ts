/**
 * A row of the tour.
 *
 * @module
 */

import { CapabilityError, dial, parseEndpoint, systemNetwork } from "../../../net/mod.ts";
import { expect, expectFailure } from "../expect.ts";
import type { Attempt } from "../hostile.ts";
import type { TourRow } from "../row.ts";

/** The row of S.1. */
export const row: TourRow = {
  id: "S.1",
  program: "least permission",
  checked:
    "hostile code in the sandbox reaches its one host and nothing else; nothing can be given on",
  startsMembers: true,
  async run(tour) {
    const allowed = parseEndpoint(await tour.serve("discard")) as Deno.NetAddr;
    const net = [`127.0.0.1:${allowed.port}`];
    using member = await tour.broker.start("tour/hostile", { net });
    const attempts = new Promise<Attempt[]>((resolve, reject) => {
      member.port.onmessage = ({ data }) => resolve(data);
      member.failed.then((text) => reject(new Error(text)));
      tour.signal.addEventListener("abort", () => reject(tour.signal.reason), { once: true });
    });
    member.port.postMessage({ allowed });
    const [first, ...others] = await attempts;
    expect(first?.outcome === "done", `${first?.name}: ${first?.text}`);
    expect(others.length === 10, `${others.length} attempts were made`);
    for (const { name, outcome, text } of others) {
      expect(outcome === "refused", `${name}: ${outcome} ${text}`);
    }
    if (tour.capabilities.run === true) return "all else is allowed, by --no-sandbox";
    const more = await tour.broker.start("tour/hostile", { run: ["true"] }).catch((error) => error);
    expect(more instanceof CapabilityError, "the launcher gave away more than the tour has");
    const narrow = systemNetwork({ net });
    const ours = await dial(narrow, parseEndpoint("127.0.0.1:2")).catch((error) => error);
    expect(ours instanceof CapabilityError, "our network let it through");
    expectFailure(
      await tour.command(["daytime", "192.0.2.1:13"]),
      3,
      /--allow-net=192\.0\.2\.1:13/,
    );
  },
};
