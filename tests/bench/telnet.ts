/**
 * How fast 100 MB of a server's output come through a Telnet client to a pipe, in MB a second, start-up included: ours,
 * Debian's `telnet` and Perl's Net::Telnet.
 *
 * @module
 */

import { getAvailablePort } from "@std/net";
import { MAIN, OFFLINE_FLAGS, ROOT } from "../support/netwright.ts";
import { compare, type Contender } from "./_measure.ts";

const BYTES = 100_000_000;
const LINE = "-rw-r--r-- 1 root root    12345 Nov 30 00:00 some_file_of_the_listing.txt\r\n";

const PERL = `
  my $t = Net::Telnet->new(Host => "127.0.0.1", Port => $ARGV[0], Timeout => 60);
  while (defined(my $part = $t->get)) { print $part }
`;

/** Measures and prints. */
export async function bench(): Promise<void> {
  const file = await Deno.makeTempFile();
  const port = getAvailablePort();
  await Deno.writeTextFile(file, LINE.repeat(Math.ceil(BYTES / LINE.length)));
  const listen = `TCP4-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork`;
  // Each client gets the file from its beginning, by a process of its own.
  const child = new Deno.Command("socat", {
    args: ["-U", "-b65536", listen, `OPEN:${file},rdonly`],
    stderr: "null",
  }).spawn();
  try {
    const contender = (name: string, command: readonly string[]): Contender => ({
      name,
      run: () => measure(command),
    });
    const words = [Deno.execPath(), "run", "-A", ...OFFLINE_FLAGS, MAIN];
    await compare("output of a server, MB/s", [
      contender("netwright telnet", [...words, "telnet", `127.0.0.1:${port}`]),
      contender("Debian's telnet", ["telnet", "127.0.0.1", String(port)]),
      contender("Perl Net::Telnet", ["perl", "-MNet::Telnet", "-e", PERL, String(port)]),
    ]);
  } finally {
    child.kill();
    await child.status;
    await Deno.remove(file);
  }
}

/** Runs a client to the end of its output. */
async function measure([program, ...args]: readonly string[]): Promise<number> {
  const begin = performance.now();
  // Each client gets the file from its beginning, by a process of its own.
  const child = new Deno.Command(program!, {
    args,
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let bytes = 0;
  for await (const part of child.stdout) bytes += part.length;
  const seconds = (performance.now() - begin) / 1000;
  await child.stdin.close().catch(() => {});
  await child.status;
  // Debian's leaves the CR of each line out.
  if (bytes < BYTES * 0.98) throw new Error(`${program} gave ${bytes} of ${BYTES} bytes`);
  return bytes / 1e6 / seconds;
}
