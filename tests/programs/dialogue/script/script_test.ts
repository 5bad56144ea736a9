import { assert, assertEquals, assertRejects } from "@std/assert";
import { memoryNetwork, NetwrightError, writeAll } from "../../../../src/net/mod.ts";
import {
  Conversation,
  parseScript,
  runScript,
  type RunScriptOptions,
  type ScriptProblem,
} from "../../../../src/programs/dialogue/mod.ts";
import { Secret, Transcript } from "../../../../src/protocols/wire/mod.ts";

/** A file whose positions are the indexes of its steps. */
const file = (content: unknown, name = "test.yaml") => ({
  file: name,
  content,
  positionOf: (path: readonly (string | number)[]) => ({
    line: Number(path.find((part) => typeof part === "number") ?? 0) + 1,
    column: path.length,
  }),
});

const NO_FILES = { include: () => Promise.reject(new NetwrightError("no such file")) };

/** Output of a server: its greeting, and an answer for each line. */
type Server = readonly (string | undefined)[];

/** Runs steps against a server; undefined ends it. */
async function run(
  steps: unknown,
  [greeting = "", ...answers]: Server,
  options: Partial<RunScriptOptions> = {},
): Promise<{ lines: string[]; printed: string[]; dialogue: string[] }> {
  const { script, problems } = await parseScript(file(steps), NO_FILES);
  assertEquals(problems, []);
  const network = memoryNetwork();
  using listener = network.listen({ port: 23 });
  const [server, near] = await Promise.all([listener.accept(), network.connect({ port: 23 })]);
  const lines: string[] = [];
  const printed: string[] = [];
  const dialogue: string[] = [];
  const serving = (async () => {
    const say = (text: string) => writeAll(server, new TextEncoder().encode(text));
    await say(greeting);
    const buffer = new Uint8Array(1000);
    let text = "";
    for (const answer of answers) {
      while (!text.includes("\r\n")) {
        const count = await server.read(buffer);
        if (count === null) return;
        text += new TextDecoder().decode(buffer.subarray(0, count));
      }
      const end = text.indexOf("\r\n");
      lines.push(text.slice(0, end));
      text = text.slice(end + 2);
      if (answer === undefined) return server.close();
      await say(answer);
    }
  })();
  const conversation = new Conversation(near, {
    peer: "server",
    transcript: new Transcript((speaker, line) => dialogue.push(`${speaker}: ${line}`)),
  });
  try {
    await runScript(script, conversation, {
      compile: (pattern) => new RegExp(pattern),
      secret: (source) => Promise.resolve(new Secret(`secret of ${source.kind}`)),
      print: (text) => void printed.push(text),
      timeoutMs: 2000,
      ...options,
    });
  } finally {
    conversation[Symbol.dispose]();
    await serving.catch(() => {});
    server.close();
  }
  return { lines, printed, dialogue };
}

Deno.test("a login: text, variables, a secret, a branch", async () => {
  const steps = {
    variables: { user: "ann" },
    steps: [
      { expect: "login: " },
      { send: "${user}" },
      { secret: { env: "PASS", after: "Password: " } },
      {
        expect: [
          { text: "Incorrect", then: [{ fail: "${user} was rejected" }] },
          { pattern: "(?<host>\\w+)> " },
        ],
        save: "banner",
      },
      { print: "at ${host}, $${host}: ${banner}" },
    ],
  };
  const { lines, printed, dialogue } = await run(steps, [
    ...["login: ", "Password: ", "welcome\r\nsrv1> "],
  ]);
  assertEquals(lines, ["ann", "secret of env"]);
  assertEquals(printed, ["at srv1, ${host}: \nwelcome\n"].map((text) => text.replace("\n", "")));
  assert(dialogue.includes("C: ********") && !dialogue.join().includes("secret of"));
  const error = await assertRejects(
    () => run(steps, ["login: ", "Password: ", "Incorrect\r\n"]),
    NetwrightError,
    "ann was rejected",
  );
  assertEquals(error.peer, "test.yaml:4:6");
});

Deno.test("conditions and repetitions", async () => {
  const steps = [
    { set: { count: "1", prefix: "no" } },
    {
      repeat: "5",
      while: { variable: "count", matches: "^1*$" },
      steps: [
        { send: "${count}" },
        { expect: "ok" },
        {
          if: { variable: "count", equals: "111" },
          then: [{ set: { count: "${count}!" } }],
          else: [{ set: { count: "${count}1" } }],
        },
      ],
    },
    { if: { variable: "never", not: "true" }, then: [{ print: "unset" }] },
    { if: { variable: "count" }, then: [{ print: "${count}" }] },
  ];
  const { lines, printed } = await run(steps, ["", "ok", "ok", "ok", "ok"]);
  assertEquals(lines, ["1", "11", "111"]);
  assertEquals(printed, ["unset", "111!"]);
});

Deno.test("the end and a timeout are alternatives like others", async () => {
  const steps = [
    { expect: [{ text: "never" }, { timeout: "0.05", then: [{ print: "late" }] }] },
    { send: "bye" },
    { expect: [{ text: "never" }, { end: "true", then: [{ print: "${rest}" }] }], save: "rest" },
  ];
  assertEquals((await run(steps, ["hello", undefined])).printed, ["late", "hello"]);
});

Deno.test("a step that fails names its place, the expected text, and the last lines", async () => {
  const cases: [steps: unknown[], server: Server, place: string, message: string][] = [
    [[{ timeout: "0.05" }, { expect: "x" }], ["abc"], "2:1", '"x" did not come within 0.05 s'],
    [[{ send: "a" }, { expect: "x" }], ["abc", undefined], "2:1", 'ended before "x" came'],
    [[{ send: "${a}" }], ["abc"], "1:1", "the variable a is not set"],
    [[{ fail: "stop" }], ["abc"], "1:1", "stop"],
    [[{ secret: { env: "A" } }], ["abc"], "1:1", "not known whether the secret would be shown"],
    [
      [{ repeat: "10000", steps: [{ repeat: "11", steps: [{ set: { a: "b" } }] }] }],
      [""],
      "1:3",
      "100000",
    ],
  ];
  for (const [steps, server, place, message] of cases) {
    const error = await assertRejects(() => run(steps, server), NetwrightError, message);
    assert(error.peer!.startsWith("test.yaml:"), error.message);
    assert(error.peer!.includes(place.split(":")[0]!), `${error.message} ${place}`);
  }
});

Deno.test("a text that only looks like the question gets no secret", async () => {
  const steps = [{ timeout: "0.3" }, { secret: { env: "A", after: "Password: " } }];
  await assertRejects(
    () => run(steps, ["Password: is what you will be asked for\r\n> "]),
    NetwrightError,
    "did not come",
  );
  const { lines } = await run([...steps, { expect: "ok" }], [
    ...["Password: is not this one\r\nPassword: ", "ok"],
  ]);
  assertEquals(lines, ["secret of env"]);
});

Deno.test("where the echo is known, a secret waits until it is off", async () => {
  let looks = 0;
  const isEchoOff = (): boolean => ++looks > 3;
  const { lines } = await run([{ secret: { file: "x" } }, { expect: "ok" }], ["? ", "ok"], {
    isEchoOff,
  });
  assertEquals(lines, ["secret of file"]);
  await assertRejects(
    () => run([{ timeout: "0.1" }, { secret: { file: "x" } }], ["? "], { isEchoOff: () => false }),
    NetwrightError,
    "the echo was not off",
  );
});

Deno.test("text of the server is sent back as one line or not at all", async () => {
  const steps = [
    { expect: { pattern: "name: (?<name>[^>]*)>" } },
    { set: { greeting: "hello ${name}" } },
    { send: "${greeting}" },
    { expect: "ok" },
  ];
  assertEquals((await run(steps, ["name: ann>", "ok"])).lines, ["hello ann"]);
  await assertRejects(
    () => run(steps, ["name: ann\r\nrm -rf /\r\n>", "ok"]),
    NetwrightError,
    "name came from the peer".replace("name", "greeting"),
  );
});

Deno.test("values in patterns are texts, and a pattern may not backtrack for ever by itself", async () => {
  const steps = [{ set: { a: "x.*(" } }, { expect: { pattern: "^${a}$" } }, { print: "found" }];
  assertEquals((await run(steps, ["x.*("])).printed, ["found"]);
});

Deno.test("all mistakes are reported, each with its place", async () => {
  const cases: [content: unknown, messages: string[]][] = [
    ["text", ["a script is a map"]],
    [{ stepps: [] }, ['no "stepps"', "requires steps"]],
    [[{ snd: "x" }], ["a step is one of expect"]],
    [["send"], ["a step is one of expect"]],
    [[{ send: "x", to: "y" }], ['send has no "to"']],
    [[{ send: ["x"] }], ["a text is expected"]],
    [[{ send: "x", enter: "maybe" }], ["true or false"]],
    [[{ expect: [] }], ["expect takes a text"]],
    [[{ expect: [{ text: "a", pattern: "b" }] }], ["is one of text, pattern"]],
    [[{ expect: [{ then: [] }] }], ["is one of text, pattern", "must not be empty"]],
    [[{ expect: "x", save: "a-b" }], ["the name of a variable"]],
    [[{ expect: "x", timeout: "soon" }], ["a number of seconds"]],
    [[{ secret: { env: "a", file: "b" } }], ["one of prompt, env and file"]],
    [[{ secret: "x" }], ["a secret is a map"]],
    [[{ if: { variable: "a", equals: "b", matches: "c" } }], ["equals or matches"]],
    [[{ repeat: "many", steps: [] }], ["a number of times"]],
    [[{ repeat: "2" }], ["a list of steps"]],
    [[{ include: "x.yaml" }], ["no such file"]],
    [[{ set: { "1a": "x" } }], ["the name of a variable"]],
  ];
  for (const [content, messages] of cases) {
    const { problems } = await parseScript(file(content), NO_FILES);
    const shown = JSON.stringify(content);
    assertEquals(problems.length, messages.length, shown + JSON.stringify(problems));
    messages.forEach((message, at) => assert(problems[at]!.message.includes(message), shown));
    for (const { at } of problems satisfies readonly ScriptProblem[]) {
      assertEquals(at.file, "test.yaml");
    }
  }
});

Deno.test("files include others, but not themselves", async () => {
  const files: Record<string, unknown> = {
    "one.yaml": [{ print: "one" }, { include: "two.yaml" }],
    "two.yaml": { variables: { a: "b" }, steps: [{ print: "two ${a}" }] },
    "loop.yaml": [{ include: "loop.yaml" }],
  };
  const options = {
    include: (name: string) => Promise.resolve(file(files[name], name)),
  };
  const { script, problems } = await parseScript(file(files["one.yaml"], "one.yaml"), options);
  assertEquals(problems, []);
  assertEquals(script.steps.map(({ kind, at }) => `${kind} ${at.file}`), [
    ...["print one.yaml", "set one.yaml", "print two.yaml"],
  ]);
  const loop = await parseScript(file(files["loop.yaml"], "loop.yaml"), options);
  assert(loop.problems[0]!.message.includes("includes itself"));
});

Deno.test("a script that goes round in itself ends, and lets signals through", async () => {
  const inner = { repeat: "10000", steps: [] };
  const steps = [{ repeat: "10000", steps: [{ repeat: "10000", steps: [inner] }] }];
  await assertRejects(() => run(steps, [""]), NetwrightError, "more than 100000 steps");
  const doubling = [
    { set: { a: "0123456789" } },
    { repeat: "40", steps: [{ set: { a: "${a}${a}" } }] },
  ];
  const error = await assertRejects(() => run(doubling, [""]), NetwrightError, "is longer than");
  assert(error.peer!.startsWith("test.yaml:"), error.message);
});

Deno.test("aliases that hold themselves, or a thousand others, are refused with their place", async () => {
  const cyclic: unknown[] = [];
  cyclic.push({ repeat: "2", steps: cyclic });
  await assertRejects(
    () => parseScript(file(cyclic), NO_FILES),
    NetwrightError,
    "nested too deeply",
  );
  let bomb: unknown[] = [{ print: "x" }];
  for (let level = 0; level < 30; level++) {
    bomb = [{ repeat: "1", steps: bomb }, { repeat: "1", steps: bomb }];
  }
  await assertRejects(
    () => parseScript(file(bomb), NO_FILES),
    NetwrightError,
    "at most 10000 steps",
  );
});

Deno.test("the name of a secret's variable is one name", async () => {
  for (const name of ["", "*", "A*", "A,B", "A=B"]) {
    const { problems } = await parseScript(file([{ secret: { env: name } }]), NO_FILES);
    assertEquals(problems.length, 1, name);
  }
});
