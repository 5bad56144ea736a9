/** `telnet run` as a process, against a device with a command line. */

import { assertEquals, assertMatch } from "@std/assert";
import { type FakeDevice, startDevice } from "../../support/fake_device.ts";
import { netwright, type RunOptions } from "../../support/netwright.ts";

/** A device that listens. */
function listen(device: FakeDevice): Disposable & { readonly endpoint: string } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  (async () => {
    for await (const connection of listener) startDevice(device, connection);
  })();
  return {
    endpoint: `127.0.0.1:${listener.addr.port}`,
    [Symbol.dispose]: () => listener.close(),
  };
}

const ROUTER: FakeDevice = {
  login: { user: "ann", password: "hidden" },
  prompt: "r1>",
  run: (command) => command === "exit" ? undefined : `${command}: ok\r\n`,
};

const PASSWORD = { env: { NETWRIGHT_PASSWORD: "hidden" } };

Deno.test("commands of operands and of standard input, as text and as JSON", async () => {
  using device = listen(ROUTER);
  const run = (more: readonly string[], options: RunOptions = {}) =>
    netwright(["telnet", "run", device.endpoint, "--login", "ann", ...more], {
      ...PASSWORD,
      ...options,
    });
  assertEquals(await run(["--", "one", "two"]), {
    ...{ code: 0, stdout: "one: ok\ntwo: ok\n", stderr: "" },
  });
  const json = await run(["--json"], { stdin: "one\r\n\n two\n" });
  assertEquals(
    json.stdout,
    '{"command":"one","output":"one: ok\\n"}\n{"command":" two","output":" two: ok\\n"}\n',
  );
  assertEquals((await run(["--prompt", "r\\d>", "--", "x"])).stdout, "x: ok\n");
});

Deno.test("mistakes are explained, before a connection where that is possible", async () => {
  using device = listen(ROUTER);
  const { endpoint } = device;
  const cases: [words: string[], code: number, message: RegExp][] = [
    [["--", "x"], 1, /: the server asks for a login \(--login NAME;/],
    [["--login", "bob", "--", "x"], 1, /: the login of bob was rejected \(last seen: /],
    [["--login", "ann"], 2, /: no command was given$/m],
    [["--login", "ann", "--", "a\tb"], 2, /: a command is one line without tabs and control/],
    [["--login", "ann", "--prompt", "(", "--", "x"], 2, /: not a pattern: missing closing/],
    [["--login", "ann", "--charset", "klingon", "--", "x"], 2, /: unknown character set "klingon"/],
    [["--login", "ann", "--", "exit", "x"], 1, /: the session ended before "x"$/m],
  ];
  for (const [words, code, message] of cases) {
    const ended = await netwright(["telnet", "run", endpoint, ...words], PASSWORD);
    assertEquals([ended.code, ended.stdout], [code, ""], ended.stderr);
    assertMatch(ended.stderr, message);
  }
});
