/** A mistake in a service is seen: by the log with the error, or on standard error with its stack. */

import { assertEquals, assertInstanceOf, assertMatch } from "@std/assert";
import { dial, memoryNetwork, parseEndpoint, readToEnd } from "../../../src/net/mod.ts";
import { serveMultiplex, type ServerEvent } from "../../../src/servers/mod.ts";

const service = {
  name: "own",
  handle(): Promise<void> {
    throw new TypeError("a mistake");
  },
};

async function visit(log?: (event: ServerEvent) => void): Promise<void> {
  const network = memoryNetwork();
  await using server = serveMultiplex(service, {
    network,
    endpoint: parseEndpoint("127.0.0.1:0"),
    log,
  });
  using client = await dial(server.endpoint, { network });
  await readToEnd(client);
}

Deno.test("events carry the error", async () => {
  const events: ServerEvent[] = [];
  await visit((event) => events.push(event));
  const failed = events.find(({ kind }) => kind === "failed");
  assertEquals(failed?.text, "TypeError: a mistake");
  assertInstanceOf(failed?.error, TypeError);
});

Deno.test("without a log, a mistake goes to standard error with its stack", async () => {
  const printed: unknown[] = [];
  const usual = console.error;
  console.error = (...values) => printed.push(...values);
  try {
    await visit();
  } finally {
    console.error = usual;
  }
  assertEquals(printed[0], "own:");
  assertMatch(String((printed[1] as Error).stack), /TypeError: a mistake\n.*mistakes_test\.ts/);
});
