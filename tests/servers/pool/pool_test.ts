import { assertEquals } from "@std/assert";
import { parseEndpoint } from "../../../src/net/mod.ts";
import type { ServerEvent } from "../../../src/servers/mod.ts";
import { type PoolPlan, PoolServer } from "../../../src/servers/pool/pool_server.ts";
import { Configuration } from "../../../src/servers/core/configuration.ts";

Deno.test("a worker that was being started as the pool stops is not reported as a failure", async () => {
  const events: ServerEvent[] = [];
  const log = (event: ServerEvent): void => void events.push(event);
  const second = Promise.withResolvers<never>();
  const begun = Promise.withResolvers<void>();
  let started = 0;
  const plan: PoolPlan = {
    service: "echo",
    connectionsPerChild: 1,
    configuration: new Configuration({ service: "echo", configuration: {} }, {}, () => {}),
    start: (onReport) => {
      if (started++ > 0) {
        begun.resolve();
        return second.promise;
      }
      const ended = Promise.withResolvers<string>();
      onReport({ state: "ready" });
      return Promise.resolve({
        id: 1,
        ended: ended.promise,
        retire: () => ended.resolve(""),
        end: () => ended.resolve(""),
        kill: () => ended.resolve("killed"),
      });
    },
    // The shared socket: a starting worker finds it closed.
    close: () => second.reject(new Error("no open socket")),
  };
  const server = await PoolServer.start(plan, parseEndpoint("127.0.0.1:1"), {
    idleMin: 2,
    log,
  });
  await begun.promise;
  await server.shutdown();
  assertEquals(events.filter(({ kind }) => kind === "failed"), []);
  assertEquals(events.at(-1)?.kind, "stopped");
});
