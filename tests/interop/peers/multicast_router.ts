/**
 * A router that passes one group on from one subnet to another, as long as its hops suffice: Linux does the work, and
 * asks for a program that holds the routing table.
 *
 * @module
 */

import type { TestHost } from "../../support/namespaces.ts";

const PROGRAM = `use strict; use Socket; $| = 1;
my ($group, $source, @own) = @ARGV;
socket(my $s, AF_INET, SOCK_RAW, 2) or die "socket: $!";
setsockopt($s, 0, 200, pack("i", 1)) or die "MRT_INIT: $!";
for my $n (0, 1) {
  setsockopt($s, 0, 202, pack("SCCLa4a4", $n, 0, 1, 0, inet_aton($own[$n]), "\\0" x 4))
    or die "MRT_ADD_VIF: $!";
}
my @hops = (0, 1, (0) x 30);
setsockopt($s, 0, 204, pack("a4a4SC32x2LLLl", inet_aton($source), inet_aton($group), 0, @hops, 0, 0, 0, 0))
  or die "MRT_ADD_MFC: $!";
print "routing\\n"; $SIG{ALRM} = sub { exit }; alarm 120; sleep 120 while 1;`;

/**
 * Starts the router.
 *
 * @param host Where.
 * @param group The group, of IPv4.
 * @param source Who sends to it.
 * @param own The router's addresses, that of the source's subnet first.
 */
export async function startRouter(
  host: TestHost,
  group: string,
  source: string,
  own: readonly [string, string],
): Promise<AsyncDisposable> {
  const child = new Deno.Command("ip", {
    args: ["netns", "exec", host.name, "perl", "-e", PROGRAM, group, source, ...own],
    env: { PATH: `${Deno.env.get("PATH")}:/usr/sbin:/sbin` },
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  if (new TextDecoder().decode(value) !== "routing\n") throw new Error("the router does not run");
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await reader.cancel();
    },
  };
}
