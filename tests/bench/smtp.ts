/**
 * How fast 5,000 messages leave, in messages a second, to Debian's `smtp-sink`: over four connections, by Perl over one.
 * Each client in a process of its own.
 *
 * @module
 */

import { startSmtpSink } from "../interop/peers/postfix.ts";
import { run } from "../interop/peers/program.ts";
import { ROOT } from "../support/netwright.ts";
import { compare } from "./_measure.ts";

const HERE = `${ROOT}tests/bench/smtp`;
const COUNT = 5000;
/** Net::SMTP writes a message in several small pieces, and each then waits for an acknowledgement of 40 ms. */
const PERL_COUNT = 100;

/** Measures and prints. */
export async function bench(): Promise<void> {
  await using sink = await startSmtpSink(false);
  const port = String(sink.port);
  const map = `--import-map=${ROOT}scripts/offline/import_map.json`;
  const measure = async (program: string, args: readonly string[]) =>
    Number(await run(program, args));
  const js = (client: string, kind: string) => ({
    name: client === "ours" ? "SmtpPool" : "nodemailer (pool)",
    run: () =>
      measure(Deno.execPath(), [
        "run",
        "-A",
        map,
        `${HERE}/send.ts`,
        client,
        kind,
        port,
        String(COUNT),
      ]),
  });
  const perl = {
    name: "Perl Net::SMTP",
    run: () => measure("perl", [`${HERE}/send.pl`, port, String(PERL_COUNT)]),
  };
  for (const kind of ["ready", "composed"]) {
    const contenders = [js("ours", kind), js("nodemailer", kind)];
    await compare(
      `${COUNT} messages, ${kind}, messages/s`,
      kind === "ready" ? [...contenders, perl] : contenders,
    );
  }
}
