/**
 * A program that tries to break out of its sandbox; the tour and the tests start it to see it fail.
 *
 * @module
 */

/** What one attempt came to. */
export interface Attempt {
  /** What was tried. */
  readonly name: string;
  /** Whether the runtime refused it, it was done, or it failed for another reason. */
  readonly outcome: "refused" | "done" | "failed";
  /** The error's text; empty if it was done. */
  readonly text: string;
}

/**
 * Tries everything that its host could do, and reports on the port.
 *
 * @param port Sends the address that it is allowed to reach; gets a list of {@link Attempt}s back.
 */
export function member(port: MessagePort): void {
  port.onmessage = async ({ data: { allowed } }: MessageEvent<{ allowed: Deno.NetAddr }>) => {
    port.postMessage(await attempts(allowed));
  };
}

async function attempts({ hostname, port }: Deno.NetAddr): Promise<Attempt[]> {
  const connect = async (hostname: string, port: number): Promise<void> =>
    (await Deno.connect({ hostname, port })).close();
  const tries: readonly (readonly [string, () => unknown])[] = [
    ["connect to the allowed host", () => connect(hostname, port)],
    ["connect to another port of it", () => connect(hostname, port === 1 ? 2 : 1)],
    ["connect to another host", () => connect("192.0.2.1", port)],
    ["listen", () => Deno.listen({ hostname: "0.0.0.0", port: 0 }).close()],
    ["read a file", () => Deno.readTextFile("/etc/hostname")],
    ["write a file", () => Deno.writeTextFile("/tmp/netwright-hostile", "x")],
    ["read the environment", () => Deno.env.toObject()],
    ["start a program", () => new Deno.Command("true").output()],
    ["open a library", () => Deno.dlopen("libc.so.6", {}).close()],
    ["ask for the host's name", () => Deno.hostname()],
    ["start a Worker with more", () => {
      const source = "data:application/javascript,";
      // The type lacks the permissions unless the unstable option is on, which deno.json does.
      const options = { type: "module", deno: { permissions: { run: true } } } as WorkerOptions;
      new Worker(source, options).terminate();
    }],
  ];
  const results: Attempt[] = [];
  for (const [name, run] of tries) {
    try {
      await run();
      results.push({ name, outcome: "done", text: "" });
    } catch (error) {
      const refused = error instanceof Deno.errors.NotCapable ||
        error instanceof TypeError && /Requires \w+ access/.test(error.message);
      results.push({ name, outcome: refused ? "refused" : "failed", text: String(error) });
    }
  }
  return results;
}
