/** A process that gave everything up can do nothing any more. */

import { assertEquals, assertMatch } from "@std/assert";
import { linesOf, netwright, ROOT } from "../../support/netwright.ts";

const HOSTILE = `import { revokeAll } from "${ROOT}src/cli/sandbox/permissions.ts";
revokeAll();
const attempts = {
  read: () => Deno.readTextFileSync("/etc/hostname"),
  write: () => Deno.writeTextFileSync("/tmp/netwright-must-not-be", ""),
  net: () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  env: () => Deno.env.get("PATH"),
  run: () => new Deno.Command("true").outputSync(),
  ffi: () => Deno.dlopen("libc.so.6", {}),
  sys: () => Deno.hostname(),
};
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    attempt();
    console.log(name, "granted");
  } catch (error) {
    console.log(name, error.name);
  }
}
const worker = new Worker("data:text/javascript,postMessage(1)", {
  type: "module",
  deno: { permissions: { net: true } },
});
`;

Deno.test("revokeAll() leaves no permission, whatever the process had", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/hostile.ts`, HOSTILE);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", "--unstable-worker-options", `${folder}/hostile.ts`],
      env: { NO_COLOR: "1" },
    }).output();
    const kinds = ["read", "write", "net", "env", "run", "ffi", "sys"];
    assertEquals(
      new TextDecoder().decode(stdout),
      kinds.map((kind) => `${kind} NotCapable\n`).join(""),
    );
    const text = new TextDecoder().decode(stderr);
    assertEquals([code, /NotCapable: Can't escalate/.test(text)], [1, true], text);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a sandbox that cannot be started is reported in one line", async () => {
  const { code, stdout, stderr } = await netwright(["daytime", "127.0.0.1:13"], {
    flags: ["--allow-net"],
  });
  assertEquals([code, stdout], [3, ""]);
  assertMatch(
    stderr,
    /^netwright: daytime: this command needs --allow-read=\S+worker\.[jt]s [^\n]*\n$/,
  );
});

Deno.test("a sandbox that ends without a word ends the command in one line", async (t) => {
  const rows = [
    ["close", "netwright: the sandbox ended without a word\n"],
    ["exit", "netwright: the sandbox ended without a word\n"],
  ] as const;
  for (const [kind, line] of rows) {
    await t.step(kind, async () => {
      const ended = await netwright(["daytime", "127.0.0.1:13"], {
        flags: ["-A", `--preload=${ROOT}tests/support/other_worker.ts`],
        env: { OTHER_WORKER: kind },
      });
      assertEquals(ended, { code: 1, stdout: "", stderr: line });
    });
  }
});

Deno.test("a Worker that computes for ever is ended by the second signal", async () => {
  for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", "--quiet", `${ROOT}tests/support/busy_worker.ts`],
      stdout: "piped",
      signal: AbortSignal.timeout(30_000),
    }).spawn();
    const lines = linesOf(child.stdout);
    assertEquals(await lines.next(), "busy");
    child.kill(signal);
    child.kill(signal);
    // Two of a kind may become one on their way.
    const again = setInterval(() => child.kill(signal), 300);
    const ended = await child.status;
    clearInterval(again);
    assertEquals(ended.code, status);
    await lines.rest();
  }
});
