import { assertEquals, assertThrows } from "@std/assert";
import { CallServer } from "../../../src/cli/sandbox/call_server.ts";
import type { BrokeredTerminal, CommandBroker } from "../../../src/cli/command/broker.ts";
import type { Answer } from "../../../src/cli/sandbox/broker_calls.ts";
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

/** A terminal of which only its end matters. */
function fakeTerminal(onEnd: () => void): BrokeredTerminal {
  return {
    read: () => new Promise<never>(() => {}),
    write: (p) => Promise.resolve(p.length),
    isEchoOff: () => Promise.resolve(true),
    end: () => Promise.resolve(),
    ended: new Promise<never>(() => {}),
    [Symbol.dispose]: onEnd,
  };
}

Deno.test("what was started under a number that is taken, stopped or after the end does not stay", async () => {
  const pending: (() => void)[] = [];
  let running = 0;
  const broker = {
    startOnTerminal: () =>
      new Promise<BrokeredTerminal>((resolve) => {
        pending.push(() => {
          running++;
          resolve(fakeTerminal(() => running--));
        });
      }),
  } as unknown as CommandBroker;
  const answers: Answer[] = [];
  const calls = new CallServer(broker, (answer) => answers.push(answer));
  const order = { argv: ["x"], columns: 80, rows: 24 };
  const start = (id: number) => calls.take({ call: "startOnTerminal", id, order });
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  start(1);
  start(1);
  assertEquals(answers.map(({ answer }) => answer), ["refused"]);
  start(2);
  calls.take({ call: "stop", id: 2 });
  for (const resolve of pending.splice(0)) resolve();
  await settled();
  assertEquals(running, 1);
  start(3);
  calls[Symbol.dispose]();
  for (const resolve of pending.splice(0)) resolve();
  await settled();
  assertEquals(running, 0);
  for (const answer of answers) if (answer.answer === "started") answer.port.close();
});
