/**
 * Workers of every model end with their server, whatever ends it; and those that are killed are replaced.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { dial, parseEndpoint, systemNetwork } from "../../src/net/mod.ts";
import { netwright, type RunOptions, serve } from "./netwright.ts";
import type { Register } from "./isolation.ts";
import { MODEL_CHOICES, serveWords } from "./model_conversations.ts";

const network = systemNetwork();

/** Processes that were started by another one, and theirs. */
async function descendants(pid: number): Promise<number[]> {
  const path = `/proc/${pid}/task`;
  const children: number[] = [];
  for await (const { name } of Deno.readDir(path)) {
    const text = await Deno.readTextFile(`${path}/${name}/children`).catch(() => "");
    children.push(...text.split(" ").filter((word) => word.trim() !== "").map(Number));
  }
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}

function isRunning(pid: number): Promise<boolean> {
  return Deno.readTextFile(`/proc/${pid}/stat`).then((text) => !/\) Z /.test(text), () => false);
}

/** Waits until they have gone. */
async function gone(pids: readonly number[]): Promise<void> {
  while ((await Promise.all(pids.map(isRunning))).includes(true)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function scriptThatSays(greeting: string): string {
  return `greeting: ${greeting}
farewell: Bye.
quit: [bye]
none: [Go on.]
keywords:
  - word: xyzzy
    rules:
      - match: "*"
        say: [Go on.]
`;
}

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir();
  return {
    path,
    async [Symbol.asyncDispose]() {
      await Deno.remove(path, { recursive: true });
    },
  };
}

async function greeting(endpoint: string): Promise<string> {
  return (await netwright(["gab", "--crlf", endpoint], { stdin: "bye\n" })).stdout;
}

/**
 * Registers the tests.
 *
 * @param register Registers one.
 * @param options How the server runs.
 */
export function poolSignalTests(register: Register, options: RunOptions): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const) {
    register(`${signal} to the server leaves no worker behind`, async (t) => {
      for (const model of MODEL_CHOICES) {
        await t.step(model, async () => {
          await using server = await serve(
            serveWords("echo", model, "--grace", "0.2").slice(1),
            options,
          );
          using client = await dial(parseEndpoint(server.endpoint), { network });
          await client.write(Uint8Array.of(1));
          await client.read(new Uint8Array(1));
          const workers = await descendants(server.child.pid);
          assertEquals(workers.length > 0, /fork/.test(model));
          const begun = performance.now();
          const { code, signal: by } = await server.stop(signal);
          assertEquals(`${code} ${by}`, signal === "SIGKILL" ? "137 SIGKILL" : "0 null");
          // Those that lost their server notice it, even with a client that stays.
          await gone(workers);
          assertEquals(performance.now() - begun < 5000, true, `${performance.now() - begun} ms`);
        });
      }
    });
  }

  for (const model of MODEL_CHOICES) {
    register(`HUP gives new clients of --model ${model} the new configuration`, async () => {
      await using folder = await temporaryFolder();
      const script = `${folder.path}/eliza.yaml`;
      await Deno.writeTextFile(script, scriptThatSays("first"));
      await using server = await serve(
        serveWords("eliza", model, "--script", `${script}`).slice(1),
        options,
      );
      assertMatch(await greeting(server.endpoint), /^first/);
      await Deno.writeTextFile(script, scriptThatSays("second"));
      server.child.kill("SIGHUP");
      while (!/eliza reloaded/.test(await server.errorLine() ?? "eliza reloaded"));
      // A worker on its way out may still take a client.
      while (!/^second/.test(await greeting(server.endpoint)));
      assertEquals((await server.stop("SIGTERM")).code, 0);
    });
  }

  for (const model of ["prethread", "prefork --accept own"]) {
    register(`the socket listens throughout HUP with --model ${model}`, async () => {
      await using server = await serve(serveWords("echo", model).slice(1), options);
      const endpoint = parseEndpoint(server.endpoint);
      let isReloaded = false;
      const reloading = (async () => {
        while (!/echo reloaded/.test(await server.errorLine() ?? "echo reloaded"));
        isReloaded = true;
      })();
      server.child.kill("SIGHUP");
      // Some more, for the workers are exchanged after that.
      for (let more = 200; more > 0; more -= isReloaded ? 1 : 0) {
        // Connections without a listener are refused; a client that waits for an ending worker is reset.
        using _client = await dial(endpoint, { network });
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await reloading;
      assertEquals((await server.stop("SIGTERM")).code, 0);
    });
  }

  register("a process that is killed loses its own client and is replaced", async () => {
    await using server = await serve(
      serveWords("echo", "prefork", "--children-max", "4").slice(1),
      options,
    );
    const clients = await Promise.all([1, 2].map(async () => {
      const client = await dial(parseEndpoint(server.endpoint), { network });
      await client.write(Uint8Array.of(1));
      await client.read(new Uint8Array(1));
      return client;
    }));
    // A client may have its answer before the server knows of the client.
    for (let reported = 0; reported < 2;) {
      if ((await server.errorLine())!.includes(" connected ")) reported++;
    }
    server.child.kill("SIGUSR2");
    const busy: number[] = [];
    while (busy.length < 2) {
      const pid = /^ {2}worker (\d+) busy: 1 connections/.exec(await server.errorLine() ?? "")?.[1];
      if (pid !== undefined) busy.push(Number(pid));
    }
    Deno.kill(busy[0]!, "SIGKILL");
    const reported = `worker ${busy[0]} ended by signal 9, and with it 1 connection`;
    while (!(await server.errorLine() ?? reported).includes(reported));
    let lost = 0;
    for (const client of clients) {
      await client.write(Uint8Array.of(2)).catch(() => {});
      const count = await client.read(new Uint8Array(1)).catch(() => null);
      if (count === null) lost++;
      client.close();
    }
    assertEquals(lost, 1);
    const { stdout } = await netwright(["echo", server.endpoint, "--message", "still here", "-q"]);
    assertEquals(stdout, "still here\n");
    assertEquals((await server.stop("SIGTERM")).code, 0);
  });
}
