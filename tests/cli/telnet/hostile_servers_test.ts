/** Hostile servers: each ends in one clear error, or is harmless, and learns nothing that was not named. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { writeAll } from "../../../src/net/mod.ts";
import { COMMAND, IAC } from "../../../src/protocols/telnet/mod.ts";
import { type Ended, netwright, type RunOptions } from "../../support/netwright.ts";

const { do: DO, will, sb, se } = COMMAND;

/** Runs a command against a server; gives how it ended and all that the server received. */
async function against(
  serve: (connection: Deno.Conn) => Promise<void>,
  words: (endpoint: string) => readonly string[],
  options: RunOptions = {},
): Promise<Ended & { readonly received: Uint8Array }> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const received: number[] = [];
  const serving = (async () => {
    using connection = await listener.accept();
    const reading = (async () => {
      const buffer = new Uint8Array(65_536);
      for (let count; (count = await connection.read(buffer)) !== null;) {
        received.push(...buffer.subarray(0, count));
      }
    })();
    await serve(connection).catch(() => {});
    await reading.catch(() => {});
  })();
  const ended = await netwright(words(`127.0.0.1:${listener.addr.port}`), options);
  await serving;
  return { ...ended, received: Uint8Array.from(received) };
}

const say = (connection: Deno.Conn, bytes: readonly number[] | string): Promise<void> =>
  writeAll(
    connection,
    typeof bytes === "string" ? new TextEncoder().encode(bytes) : Uint8Array.from(bytes),
  );

Deno.test("a flood of negotiations ends with one error, and little is sent", async () => {
  const flood = Array.from({ length: 30_000 }, (_, at) => [IAC, DO, at % 200]).flat();
  const { code, stderr, received } = await against(
    async (connection) => {
      for (let round = 0; round < 100; round++) await say(connection, flood);
    },
    (endpoint) => ["telnet", endpoint],
  );
  assertEquals(code, 1);
  assertMatch(stderr, /^netwright: telnet: \S+: the peer sent more than 10000 negotiations\n$/);
  assert(received.length <= 30_000, `${received.length} bytes`);
});

Deno.test("an endless subnegotiation ends with one error", async () => {
  const { code, stderr, received } = await against(
    async (connection) => {
      await say(connection, [IAC, sb, 24]);
      const bytes = Array.from({ length: 10_000 }, () => 65);
      for (let round = 0; round < 1000; round++) await say(connection, bytes);
    },
    (endpoint) => ["telnet", endpoint],
  );
  assertEquals([code, received.length], [1, 0]);
  assertMatch(stderr, /^netwright: telnet: \S+: a subnegotiation is larger than 8192 bytes\n$/);
});

Deno.test("a question for the whole environment gets the named variables, and nothing else", async () => {
  const question = [IAC, DO, 39, IAC, sb, 39, 1, IAC, se, IAC, sb, 39, 1, 0, 3, IAC, se];
  const secrets = { SECRET: "in-the-environment", USER: "hidden-user", HOME: "/hidden" };
  const ask = async (connection: Deno.Conn): Promise<void> => {
    await say(connection, [...question, ...new TextEncoder().encode("done\r\n")]);
    await connection.closeWrite();
  };
  const none = await against(ask, (endpoint) => ["telnet", endpoint], { env: secrets });
  assertEquals([none.code, none.stdout], [0, "done\r\n"]);
  assertEquals([...none.received], [IAC, COMMAND.wont, 39]);
  const named = await against(ask, (endpoint) => ["telnet", endpoint, "--env", "USER=ann"], {
    env: secrets,
  });
  const told = new TextDecoder("latin1").decode(named.received);
  assertEquals(told.match(/USER\x01ann/g)?.length, 2);
  assert(!/hidden|SECRET|environment|HOME/.test(told), told);
});

Deno.test("a user name that a login program takes for an option is refused before a connection", async () => {
  for (
    const words of [
      ["telnet", "127.0.0.1:1", "--env", "USER=-f root"],
      ["telnet", "run", "127.0.0.1:1", "--login=-f root", "--", "id"],
    ]
  ) {
    const { code, stderr } = await netwright(words, { env: { NETWRIGHT_PASSWORD: "x" } });
    assertEquals(code, 2, stderr);
    assertMatch(stderr, /^netwright: telnet[ run]*: a user name must not begin with -/);
  }
});

Deno.test("a text that imitates the question for a password gets none", async () => {
  const { code, stdout, stderr, received } = await against(
    async (connection) => {
      await say(connection, "Welcome. Password: will be asked for below\r\n$ ");
      // Whatever is typed, it is answered by the same.
      await say(connection, "su\r\nPassword: \r\n$ ");
    },
    (endpoint) => ["telnet", "run", endpoint, "--login", "ann", "--timeout", "2", "--", "id"],
    { env: { NETWRIGHT_PASSWORD: "do-not-send-me" } },
  );
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^netwright: telnet run: \S+: no (?:question|prompt)/);
  assert(!new TextDecoder().decode(received).includes("do-not-send-me"));
});

Deno.test("escapes reach a file as they came, and messages cleaned", async () => {
  const evil = "\x1b]52;c;ZXZpbA==\x07\x1b[21t\u202e";
  const shown = await against(
    async (connection) => {
      await say(connection, evil);
      await connection.closeWrite();
    },
    (endpoint) => ["telnet", endpoint],
  );
  assertEquals(shown.stdout, evil);
  const failed = await against(
    (connection) => say(connection, `${evil}login: \x1b[8mhidden`),
    (endpoint) => ["telnet", "run", endpoint, "--login", "ann", "--timeout", "1", "--", "id"],
    { env: { NETWRIGHT_PASSWORD: "x" } },
  );
  assert(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.test(failed.stderr), failed.stderr);
});

Deno.test("a password over an open network is refused before it could be sent", async () => {
  const { code, stderr } = await netwright(
    ["telnet", "run", "192.0.2.1", "--login", "ann", "--connect-timeout", "0.2", "--", "id"],
    { env: { NETWRIGHT_PASSWORD: "x" } },
  );
  // It is refused after the connection is made; this address does not answer.
  assertEquals(code, 1);
  assertMatch(stderr, /^netwright: telnet run: 192\.0\.2\.1:23: /);
});

Deno.test("a server that answers an offer by an offer does not loop", async () => {
  const { code, received } = await against(
    async (connection) => {
      for (let round = 0; round < 100; round++) await say(connection, [IAC, will, 1, IAC, will, 3]);
      await connection.closeWrite();
    },
    (endpoint) => ["telnet", "script", "docs/dialogues/remote_ps.yaml", endpoint],
    { env: { NETWRIGHT_PASSWORD: "x" } },
  );
  assertEquals(code, 1);
  assertEquals([...received], [IAC, DO, 1, IAC, DO, 3]);
});
