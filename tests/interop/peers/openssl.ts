/**
 * Debian's `openssl s_server` and `s_client` as TLS peers.
 *
 * @module
 */

/** Whether the program is there. */
export async function hasOpenssl(): Promise<boolean> {
  return await new Deno.Command("openssl", { args: ["version"] }).output().then(
    ({ success }) => success,
    () => false,
  );
}

/** A running `openssl s_server -rev`, which answers each line with the line backwards. */
export interface OpensslServer extends AsyncDisposable {
  readonly port: number;
}

/** Starts a server and waits until it accepts. */
export async function startServer(
  folder: string,
  args: readonly string[],
): Promise<OpensslServer> {
  const child = new Deno.Command("openssl", {
    args: ["s_server", "-accept", "127.0.0.1:0", "-rev", ...args],
    cwd: folder,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let port: string | undefined;
  while (port === undefined) {
    const { value, done } = await output.read();
    if (done) throw new Error(`openssl ended: ${text}`);
    text += value;
    port = /^ACCEPT 127\.0\.0\.1:(\d+)\s/m.exec(text)?.[1];
  }
  return {
    port: Number(port),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await output.cancel();
      await child.status;
    },
  };
}

/** Runs `openssl s_client`, sends a text, and gives its output and status. */
export async function runClient(
  folder: string,
  port: number,
  args: readonly string[],
  input: string,
): Promise<{ readonly code: number; readonly output: string }> {
  const child = new Deno.Command("openssl", {
    args: ["s_client", "-connect", `127.0.0.1:${port}`, "-verify_return_error", ...args],
    cwd: folder,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [stdout, stderr] = [new Response(child.stdout).text(), new Response(child.stderr).text()];
  const writer = child.stdin.getWriter();
  // It may have ended already, which its status reports.
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  const { code } = await child.status;
  await writer.close().catch(() => {});
  return { code, output: await stdout + await stderr };
}
