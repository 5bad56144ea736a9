/** The local time service with Perl programs of the book's wire, both ways. */

import { assertEquals, assertMatch } from "@std/assert";
import { netwright, serve } from "../support/netwright.ts";
import { TestFolder } from "../support/trees.ts";
import { needs } from "./peers/needs.ts";

const ignore = !(await needs("perl"));

const CLIENT = `use strict; use IO::Socket; alarm 20; my ($path, $own, $zone) = @ARGV;
my $sock = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $own) or die "no socket: $!";
$sock->send($zone, 0, pack_sockaddr_un($path)) or die "cannot send: $!"; $sock->recv(my $text, 256); print "$text\\n"; unlink $own`;

const SERVER = `use strict; use IO::Socket; use POSIX 'tzset'; alarm 20; $| = 1;
my $sock = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die "no socket: $!"; print "ready\\n";
while (my $from = $sock->recv(my $zone, 256)) {
  $ENV{TZ} = $zone; tzset(); my $text = localtime; $sock->send($text, 0, $from) }`;

/** What this machine's own library says, when it was asked before and after. */
async function system(zone: string): Promise<string> {
  const { stdout } = await new Deno.Command("perl", {
    args: ["-e", "print scalar localtime"],
    env: { TZ: zone },
  }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test({ name: "a Perl client asks our server for the local time", ignore }, async () => {
  await using folder = await TestFolder.make();
  const path = `${folder.path}/localtime`;
  await using _server = await serve(["localtime", "--listen", `unix:${path}`]);
  for (const zone of ["Asia/Tokyo", "America/New_York", "UTC"]) {
    const before = await system(zone);
    const { stdout } = await new Deno.Command("perl", {
      args: ["-e", CLIENT, path, `${folder.path}/client`, zone],
    }).output();
    const said = new TextDecoder().decode(stdout).trimEnd();
    assertEquals([before, await system(zone)].includes(said), true, `${zone} ${said} ${before}`);
  }
});

Deno.test({ name: "our client asks a Perl server for the local time", ignore }, async () => {
  await using folder = await TestFolder.make();
  const path = `${folder.path}/localtime`;
  const child = new Deno.Command("perl", { args: ["-e", SERVER, path], stdout: "piped" }).spawn();
  const reader = child.stdout.getReader();
  try {
    await reader.read();
    const { code, stdout } = await netwright([
      "localtime",
      "--server",
      `unix:${path}`,
      "Asia/Tokyo",
    ]);
    assertEquals(code, 0);
    assertMatch(stdout, /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\n$/);
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await reader.cancel();
  }
});
