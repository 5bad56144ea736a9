/** Our multicast with Perl's IO::Socket::Multicast, both ways, from one host to another. */

import { assertEquals, assertMatch } from "@std/assert";
import { ADDRESSES, mayMakeNamespaces, type TestHost, twoSubnets } from "../support/namespaces.ts";
import { linesOf, serve, startNetwright } from "../support/netwright.ts";
import { needsPerl, PATH } from "./peers/needs.ts";

const ignore = Deno.build.os !== "linux" || !(await needsPerl("IO::Socket::Multicast")) ||
  !(await mayMakeNamespaces());

// Debian's mcast_send forgets where to.
const PREAMBLE = `use strict; use Socket; use IO::Socket::Multicast; $| = 1;
$SIG{ALRM} = sub { die "nothing came\\n" }; alarm 20;
`;

/** Receives a group once. */
const HEAR = `${PREAMBLE} my ($group, $port) = @ARGV;
my $sock = IO::Socket::Multicast->new(LocalPort => $port, ReuseAddr => 1) or die "no socket: $!";
$sock->mcast_add($group) or die "cannot join: $!";
print "joined\\n"; $sock->recv(my $data, 1024); print "$data\\n";`;

/** Sends the time to a group, as the book's server does. */
const TELL = `${PREAMBLE} my ($group, $port) = @ARGV;
my $sock = IO::Socket::Multicast->new or die "no socket: $!";
$sock->mcast_ttl(31);
while (1) {
  my $date = localtime;
  $sock->send("$date/pizza", 0, pack_sockaddr_in($port, inet_aton($group))) or die "cannot send: $!";
  select undef, undef, undef, 0.1;
}`;

/** Logs in, enters a channel, receives its group, says something, leaves. */
const CHAT_CLIENT = `${PREAMBLE} my ($server) = @ARGV;
my $sock = IO::Socket::INET->new(Proto => 'udp', PeerAddr => $server) or die "no socket: $!";
my $groups;
sub hear { my ($from, $code) = @_; $from->recv(my $data, 2048); my ($heard, $said) = unpack("na*", $data);
           die "$heard $said, not $code" if $heard != $code; print "$heard $said\\n"; $said }
sub say_ { $sock->send(pack("na*", @_)) or die "cannot send: $!" }
say_(20, "perla"); hear($sock, 30);
$groups = IO::Socket::Multicast->new(LocalPort => 2028, ReuseAddr => 1) or die "no socket: $!";
say_(50, "Pets"); my ($title, $count, $group) = split ' ', hear($sock, 60);
$groups->mcast_add($group) or die "cannot join: $!";
say_(90, "hello there"); hear($groups, 100);
say_(120, "perla to me"); hear($sock, 130);
say_(70, "Pets"); hear($groups, 150); hear($sock, 80);
$groups->mcast_drop($group); say_(40, "");`;

/** A server with one channel, as small as the wire allows. */
const CHAT_SERVER = `${PREAMBLE} my ($group, $port) = @ARGV; alarm 30;
my $sock = IO::Socket::INET->new(Proto => 'udp', LocalPort => 2027) or die;
my $groups = IO::Socket::Multicast->new or die; $groups->mcast_ttl(1);
print "listening\\n";
my (%nick, %in);
sub out_ { my ($to, $code, $text) = @_; $sock->send(pack("na*", $code, $text), 0, $to) }
sub all_ { $groups->send(pack("na*", @_), 0, pack_sockaddr_in($port, inet_aton($group))) or die "cannot send: $!" }
sub pets { "Pets " . keys(%in) . " $group Cats and dogs" }
while (my $from = $sock->recv(my $data, 2048)) {
  my ($code, $text) = unpack("na*", $data);
  if ($code == 20) { $nick{$from} = $text; out_($from, 30, $text); out_($from, 210, $port) }
  elsif (!$nick{$from}) { out_($from, 10, "please log in") }
  elsif ($code == 50) { all_(140, "Pets $nick{$from}"); $in{$from} = 1; out_($from, 60, pets()) }
  elsif ($code == 70) { delete $in{$from}; all_(150, "Pets $nick{$from}"); out_($from, 80, pets()) }
  elsif ($code == 90) { all_(100, "Pets $nick{$from} $text") }
  elsif ($code == 160) { out_($from, 170, pets()) }
  elsif ($code == 40) { print "gone\\n" }
}`;

/** A Perl program on a host, line by line. */
function perl(host: TestHost, program: string, ...args: readonly string[]) {
  const child = new Deno.Command("ip", {
    args: ["netns", "exec", host.name, "perl", "-e", program, ...args],
    env: { PATH },
    stdout: "piped",
  }).spawn();
  const output = linesOf(child.stdout);
  let ended = false;
  child.status.then(() => ended = true);
  return {
    line: output.next,
    async [Symbol.asyncDispose]() {
      if (!ended) child.kill("SIGTERM");
      await child.status;
      await output.cancel();
    },
  };
}

Deno.test({ name: "multicast with Perl", ignore }, async (t) => {
  await using hosts = await twoSubnets();
  const { near, router } = hosts;
  // The book's programs name no interface, but leave that to the routes.
  await router.run("ip", "route", "add", "224.0.0.0/4", "dev", "eth0");
  const [at, namespace] = [ADDRESSES.near[4], near.name];
  await t.step("Perl receives the time that we send", async () => {
    await using receiving = perl(router, HEAR, "224.225.226.227", "2070");
    assertEquals(await receiving.line(), "joined");
    await using _telling = startNetwright(["time-of-day", "send", "--every", "0.1"], { namespace });
    assertMatch(
      (await receiving.line())!,
      new RegExp(`^\\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}/${Deno.hostname()}$`),
    );
  });
  await t.step("we receive the time that Perl reports", async () => {
    await using _telling = perl(near, TELL, "224.225.226.227", "2070");
    const { code, stdout, stderr } = await router.netwright(
      ["time-of-day", "receive", "--count", "1", "--wait", "10"],
    );
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\tpizza\t10\.11\.1\.1\n$/);
  });
  await t.step("a Perl client talks in our chat", async () => {
    await using _server = await serve(
      ["chat", "--multicast", "--listen", "0.0.0.0:2027"],
      { namespace },
    );
    await using client = perl(router, CHAT_CLIENT, `${at}:2027`);
    const lines: (string | undefined)[] = [];
    for (let line = await client.line(); line !== undefined; line = await client.line()) {
      lines.push(line);
    }
    assertEquals(lines, [
      "30 perla",
      "60 Pets 1 225.1.0.5 Friends with fur and feathers",
      "100 Pets perla hello there",
      "130 perla to me",
      "150 Pets perla",
      "80 Pets 0 225.1.0.5 Friends with fur and feathers",
    ]);
  });
  await t.step("we talk in a chat of Perl's", async () => {
    await using server = perl(near, CHAT_SERVER, "225.1.0.5", "2028");
    assertEquals(await server.line(), "listening");
    const { code, stdout, stderr } = await router.netwright(
      ["chat", `ann@${at}`, "--multicast", "--join", "Pets", "--wait", "0.4"],
      { stdin: "hello\n/channels\n/part Pets\n" },
    );
    assertEquals([code, stderr], [0, ""]);
    // Datagrams of the group and of one client have no order.
    assertEquals(stdout.trimEnd().split("\n").sort(), [
      "   Pets                     1  Cats and dogs",
      "-- you are in Pets with 1 in all: Cats and dogs",
      "-- you left Pets",
      "[Pets] ann: hello",
    ]);
    assertEquals(await server.line(), "gone");
  });
});
