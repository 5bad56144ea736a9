/**
 * Round trips of NOOP a second on loopback: our channel, Perl's `Net::Cmd`, Python's `smtplib`.
 *
 * @module
 */

import { dial } from "../../src/net/mod.ts";
import { command, CommandChannel } from "../../src/protocols/wire/mod.ts";
import { compare } from "./_measure.ts";

const TRIPS = 20_000;

const PERL = `use Net::SMTP; use Time::HiRes 'time';
my $s = Net::SMTP->new('127.0.0.1', Port => $ARGV[0], Hello => 'bench') or die;
my $t = time; for (1..$ARGV[1]) { $s->command('NOOP')->response() == 2 or die }
print $ARGV[1] / (time - $t); $s->quit;`;

const PYTHON = `import smtplib, sys, time
s = smtplib.SMTP('127.0.0.1', int(sys.argv[1])); n = int(sys.argv[2]); t = time.perf_counter()
for _ in range(n):
    assert s.noop()[0] == 250
print(n / (time.perf_counter() - t)); s.quit()`;

/** One command at a time, or groups of them sent at once, which the others cannot do. */
async function ours(port: number, group = 1): Promise<number> {
  const connection = await dial({ transport: "tcp", hostname: "127.0.0.1", port });
  using channel = new CommandChannel(connection, { style: "smtp" });
  await channel.expect([220], "greet");
  const start = performance.now();
  if (group === 1) {
    for (let trip = 0; trip < TRIPS; trip++) await channel.send(command`NOOP`, [250]);
  } else {
    const commands = Array.from({ length: group }, () => command`NOOP`);
    for (let trip = 0; trip < TRIPS; trip += group) await channel.pipeline(commands);
  }
  const rate = TRIPS / (performance.now() - start) * 1000;
  await channel.send(command`QUIT`, [221]);
  return rate;
}

/** The least that the runtime does for it: a write and a read, no reply looked at. */
async function bare(port: number): Promise<number> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay(true);
  const buffer = new Uint8Array(1024);
  const noop = new TextEncoder().encode("NOOP\r\n");
  await connection.read(buffer);
  const start = performance.now();
  for (let trip = 0; trip < TRIPS; trip++) {
    const writing = connection.write(noop);
    await connection.read(buffer);
    await writing;
  }
  return TRIPS / (performance.now() - start) * 1000;
}

async function child(program: string, ...args: readonly string[]): Promise<number> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
  return Number(new TextDecoder().decode(stdout));
}

/** Measures and prints. */
export async function bench(): Promise<void> {
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("./_noop_server.ts", import.meta.url).pathname],
    stdout: "piped",
  }).spawn();
  try {
    const { value } = await server.stdout.getReader().read();
    const port = Number(new TextDecoder().decode(value));
    await compare("NOOP round trips a second on loopback", [
      { name: "CommandChannel", run: () => ours(port) },
      { name: "bare Deno loop", run: () => bare(port) },
      {
        name: "Perl Net::Cmd (Net::SMTP)",
        run: () => child("perl", "-e", PERL, `${port}`, `${TRIPS}`),
      },
      {
        name: "Python smtplib",
        run: () => child("python3", "-c", PYTHON, `${port}`, `${TRIPS}`),
      },
      { name: "CommandChannel, pipeline() of 100", run: () => ours(port, 100) },
    ]);
  } finally {
    server.kill();
    await server.status;
  }
}

if (import.meta.main) await bench();
