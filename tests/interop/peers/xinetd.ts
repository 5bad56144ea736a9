/** Debian's xinetd with its internal services, on free loopback ports. */

import { getAvailablePort } from "@std/net";
import { PATH } from "./needs.ts";

const SERVICES = ["echo", "discard", "daytime", "time", "chargen"] as const;

/** Starts it and waits until it answers. */
export async function startXinetd(): Promise<
  AsyncDisposable & { readonly ports: Readonly<Record<typeof SERVICES[number], number>> }
> {
  const folder = await Deno.makeTempDir();
  const ports = Object.fromEntries(SERVICES.map((name) => [name, getAvailablePort()])) as Record<
    typeof SERVICES[number],
    number
  >;
  const services = Object.entries(ports).flatMap(([name, port]) =>
    [["stream", "tcp", "no"], ["dgram", "udp", "yes"]].map(([type, protocol, wait]) =>
      `service ${name}\n{\n id = ${name}-${type}\n type = INTERNAL UNLISTED\n user = root\n` +
      ` socket_type = ${type}\n protocol = ${protocol}\n port = ${port}\n bind = 127.0.0.1\n` +
      ` wait = ${wait}\n cps = 200 1\n}\n`
    )
  );
  const file = `${folder}/xinetd.conf`;
  await Deno.writeTextFile(file, services.join("\n"));
  const child = new Deno.Command("xinetd", {
    args: ["-dontfork", "-f", file, "-pidfile", `${folder}/pid`],
    env: { PATH },
    stdout: "null",
    stderr: "null",
  }).spawn();
  const until = performance.now() + 20_000;
  for (const port of Object.values(ports)) await answering(port, until);
  return {
    ports,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function answering(port: number, until: number): Promise<void> {
  while (true) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
