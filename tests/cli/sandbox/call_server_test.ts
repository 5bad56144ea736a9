import { assertEquals, assertThrows } from "@std/assert";
import { CallServer } from "../../../src/cli/sandbox/call_server.ts";
import type { CommandBroker } from "../../../src/cli/command/broker.ts";
import { LimitError } from "../../../src/net/mod.ts";

Deno.test("CallServer has only so many calls that wait for their answer", async () => {
  const waiting: (() => void)[] = [];
  const broker = {
    descriptorsLeft: () => new Promise<number>((resolve) => waiting.push(() => resolve(9))),
  } as unknown as CommandBroker;
  const answers: unknown[] = [];
  using calls = new CallServer(broker, (answer) => answers.push(answer));
  const ask = (id: number) => calls.take({ call: "descriptorsLeft", id });
  for (let id = 1; id <= 10_000; id++) ask(id);
  assertThrows(() => ask(10_001), LimitError, "too much at once");
  // Answered calls make room.
  for (const answer of waiting) answer();
  while (answers.length < 10_000) await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(answers[0], { answer: "count", id: 1, count: 9 });
});
