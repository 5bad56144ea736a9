import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Connection, memoryNetwork, UsageError, writeAll } from "../../../src/net/mod.ts";
import { COMMAND, IAC, TelnetClient } from "../../../src/protocols/telnet/mod.ts";
import { runEscapeLine } from "../../../src/cli/telnet/escape_prompt.ts";
import { runSession } from "../../../src/cli/telnet/session.ts";
import { SessionLog } from "../../../src/cli/telnet/session_log.ts";
import { Output } from "../../../src/cli/terminal/output.ts";
import { terminal } from "../../support/fake_terminal.ts";

/** A session with typed keys; the input of the server, and the output. */
async function session(
  keys: string,
  greeting: readonly number[],
  options: { readonly answer?: string; readonly log?: SessionLog } = {},
): Promise<{ ended: string; sent: string; shown: string; typedBack: string; modes: boolean[] }> {
  const network = memoryNetwork();
  using listener = network.listen({ port: 23 });
  const [far, near] = await Promise.all([listener.accept(), network.connect({ port: 23 })]);
  const { answer = "bye\r\n", log = new SessionLog(undefined) } = options;
  let shown = "";
  const stdout = new Output(
    {
      write(p) {
        shown += new TextDecoder().decode(p);
        return Promise.resolve(p.length);
      },
    },
    true,
    false,
  );
  const client = new TelnetClient(near, { windowSize: { columns: 80, rows: 24 } });
  await writeAll(far, Uint8Array.from(greeting));
  // The options are agreed on before the first key.
  const probe = await client.read(new Uint8Array(1));
  assertEquals(probe, 1);
  const person = terminal(keys);
  const received = receive(far, answer);
  const ended = await runSession({
    ...{ client, peer: "host:23", terminal: person, stdout, charset: "utf-8" },
    ...{ escape: "\x1d", log, signal: new AbortController().signal },
  });
  far.close();
  return {
    ended,
    sent: await received,
    shown,
    typedBack: person.shown(),
    modes: person.modes,
  };
}

/** Receives up to a line `end`, or the end, and then says goodbye. */
async function receive(far: Connection, answer: string): Promise<string> {
  let text = "";
  const buffer = new Uint8Array(1000);
  try {
    while (!/end[\r\n]/.test(text)) {
      const count = await far.read(buffer);
      if (count === null) return text;
      text += String.fromCharCode(...buffer.subarray(0, count));
    }
    await writeAll(far, new TextEncoder().encode(answer));
    await far.closeWrite();
  } catch {
    // The user has gone.
  }
  return text;
}

const { will } = COMMAND;
/** The server echoes input, character by character. */
const CHARACTERS = [IAC, will, 1, IAC, will, 3, 33];
const LINES = [33];

Deno.test("characters go to the server one by one, Control-C and Control-D too", async () => {
  const { ended, sent, shown, typedBack, modes } = await session(
    "a\x03\x04\x1b[A\u00e9end\r",
    CHARACTERS,
  );
  assertEquals(ended, "server");
  const data = sent.slice(sent.lastIndexOf("\xff") + 3);
  assertEquals(data, "a\x03\x04\x1b[A\xc3\xa9end\r\0");
  assertEquals([shown, typedBack], ["bye\r\n", ""]);
  assertEquals(modes, [true, false]);
});

Deno.test("lines are edited here where the server does not show them, Control-C is a command", async () => {
  const { sent, typedBack } = await session("helo\x7flo\rx\x03end\r", LINES);
  assertEquals(sent, "hello\r\n\xff\xf4end\r\n");
  assertEquals(typedBack, "helo\b \blo\r\nx^C\r\nend\r\n");
});

Deno.test("a secret that a server of lines asks for is not shown", async () => {
  const { sent, typedBack } = await session("hidden end\r", [IAC, will, 1, 33]);
  assertEquals(sent.endsWith("hidden end\r\n"), true);
  assertEquals(typedBack, "\r\n");
});

Deno.test("the escape key opens a prompt, whose lines do not go to the server", async () => {
  const { ended, sent, typedBack, modes } = await session(
    "a\x1dstatus\r\x1dsend ayt\r\x1dsend escape\r\x1dnonsense\r\x1dlog x\r\x1d\r\x1dquit\r",
    CHARACTERS,
  );
  assertEquals(ended, "user");
  assertEquals(sent.slice(sent.indexOf("a")), "a\xff\xf6\x1d");
  for (
    const text of [
      "connected to host:23",
      "character by character, shown by the server",
      "options of the server: ECHO SGA",
      "sent ayt: are you there?",
      'there is no "nonsense"; try help',
      "start with --log DIR",
    ]
  ) assert(typedBack.includes(text), `${text} in ${typedBack}`);
  assertEquals(modes.at(-1), false);
});

Deno.test("the shown text of a session is recorded, in a file or a folder that may be written", async () => {
  const folder = await Deno.makeTempDir();
  using _ = { [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }) };
  const file = `${folder}/one.log`;
  await session("end\r", CHARACTERS, {
    log: new SessionLog({ path: file, isFolder: false }),
    answer: "\x1b]0;title\x07bye\r\n",
  });
  assertEquals(await Deno.readTextFile(file), "bye\r\n");
  assertEquals((await Deno.stat(file)).mode! & 0o777, 0o600);
  using log = new SessionLog({ path: folder, isFolder: true });
  await session("\x1dlog two.log\rend\r", CHARACTERS, { log });
  assertEquals(await Deno.readTextFile(`${folder}/two.log`), "bye\r\n");
  for (const name of ["../x", "/etc/passwd", ".profile"]) {
    let failure: unknown;
    try {
      log.change(name);
    } catch (error) {
      failure = error;
    }
    assert(failure instanceof UsageError, name);
  }
});

Deno.test("mistakes at the prompt are explained", async () => {
  const network = memoryNetwork();
  using listener = network.listen({ port: 23 });
  const [far, near] = await Promise.all([listener.accept(), network.connect({ port: 23 })]);
  using client = new TelnetClient(near);
  using _far = far;
  const options = { client, peer: "host", escape: "\x1d", log: () => {} };
  for (const line of ["send", "send x", "send ayt now", "log", "toString", "send toString"]) {
    await assertRejects(() => runEscapeLine(line, options), UsageError);
  }
  assertEquals((await runEscapeLine(" help ", options)).lines.length > 3, true);
});
