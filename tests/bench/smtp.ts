/**
 * How fast 5,000 messages leave, in messages a second, to Debian's `smtp-sink`: over four connections, by Perl over one.
 * Each client in a process of its own.
 *
 * @module
 */

import { ROOT } from "../support/netwright.ts";
import { compare } from "./_measure.ts";

const HERE = `${ROOT}tests/bench/smtp`;
const COUNT = 5000;
/** Net::SMTP writes a message in several small pieces, and each then waits for an acknowledgement of 40 ms. */
const PERL_COUNT = 100;
const PATH = `${Deno.env.get("PATH")}:/usr/sbin`;

async function run(argv: readonly string[]): Promise<number> {
  const [program, ...args] = argv;
  const { success, stdout, stderr } = await new Deno.Command(program!, { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return Number(new TextDecoder().decode(stdout));
}

/** A port that nobody has now. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Waits until something listens. */
async function listening(port: number): Promise<void> {
  for (let tries = 0;; tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** Measures and prints. */
export async function bench(): Promise<void> {
  const port = freePort();
  const sink = new Deno.Command("smtp-sink", {
    args: ["-u", "root", `127.0.0.1:${port}`, "100"],
    env: { PATH },
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    await listening(port);
    const map = `--import-map=${ROOT}scripts/offline/import_map.json`;
    const js = (client: string, kind: string) => ({
      name: client === "ours" ? "SmtpPool" : "nodemailer (pool)",
      run: () =>
        run([
          Deno.execPath(),
          "run",
          "-A",
          map,
          `${HERE}/send.ts`,
          client,
          kind,
          `${port}`,
          `${COUNT}`,
        ]),
    });
    const perl = {
      name: "Perl Net::SMTP",
      run: () => run(["perl", `${HERE}/send.pl`, `${port}`, `${PERL_COUNT}`]),
    };
    for (const kind of ["ready", "composed"]) {
      const contenders = [js("ours", kind), js("nodemailer", kind)];
      await compare(
        `${COUNT} messages, ${kind}, messages/s`,
        kind === "ready" ? [...contenders, perl] : contenders,
      );
    }
  } finally {
    sink.kill("SIGTERM");
    await sink.status;
  }
}
