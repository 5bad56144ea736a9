/** The wrap service with Perl programs of the book's wire, both ways. */

import { assertEquals } from "@std/assert";
import { netwright, serve } from "../support/netwright.ts";
import { TestFolder } from "../support/trees.ts";
import { needs } from "./peers/needs.ts";

const ignore = !(await needs("perl"));

const TEXT = "It was the best of times, it was the worst of times, it was the age of wisdom,\n" +
  "it was the age of foolishness.\n\nIt was the epoch of belief.\n";
const FILLED = "It was the best of times, it was the\nworst of times, it was the age of\n" +
  "wisdom, it was the age of foolishness.\n\nIt was the epoch of belief.\n";

const CLIENT = `use strict; use IO::Socket; $SIG{ALRM} = sub { exit 1 }; alarm 20;
my $sock = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "no socket: $!";
print $sock $_ while <STDIN>; $sock->shutdown(1); print while <$sock>;`;

const SERVER =
  `use strict; use IO::Socket; use Text::Wrap 'fill'; $Text::Wrap::columns = 40; $| = 1; alarm 20;
my $server = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 5) or die "no socket: $!"; print "ready\\n";
while (my $client = $server->accept) { my @lines = <$client>; print $client fill("", "", join("", @lines)), "\\n" }`;

async function perl(args: readonly string[], input: string): Promise<string> {
  const child = new Deno.Command("perl", { args: [...args], stdin: "piped", stdout: "piped" })
    .spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  return new TextDecoder().decode((await child.output()).stdout);
}

Deno.test({ name: "a Perl client lets our server wrap", ignore }, async () => {
  await using folder = await TestFolder.make();
  await using _server = await serve(["wrap", "--listen", `unix:${folder.path}/wrap`]);
  assertEquals(await perl(["-e", CLIENT, `${folder.path}/wrap`], TEXT), FILLED);
});

Deno.test({ name: "our client lets a Perl server wrap", ignore }, async () => {
  await using folder = await TestFolder.make();
  const path = `${folder.path}/wrap`;
  const child = new Deno.Command("perl", { args: ["-e", SERVER, path], stdout: "piped" }).spawn();
  const reader = child.stdout.getReader();
  try {
    await reader.read();
    const { code, stdout } = await netwright(["wrap", `unix:${path}`], { stdin: TEXT });
    // Text::Wrap leaves the blank in that was the last line's end.
    assertEquals([code, stdout.replaceAll(/ +$/gm, "")], [0, FILLED]);
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await reader.cancel();
  }
});
