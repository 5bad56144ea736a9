/** Our chat with Perl programs of the book's wire, both ways. */

import { assertEquals, assertMatch } from "@std/assert";
import { netwright, serve } from "../support/netwright.ts";
import { needs } from "./peers/needs.ts";

const ignore = !(await needs("perl"));

/** Says each argument (code, colon, text), and prints the replies: as many as each is to wait for. */
const CLIENT = `use strict; use IO::Socket;
my ($port, @lines) = @ARGV; $SIG{ALRM} = sub { die "nothing came\\n" }; alarm 20; $| = 1;
my $sock = IO::Socket::INET->new(Proto => 'udp', PeerAddr => "127.0.0.1:$port") or die "no socket: $!";
for (@lines) {
  my ($answers, $code, $text) = split /:/, $_, 3;
  $sock->send(pack("na*", $code, $text)) or die "cannot send: $!";
  for (1 .. $answers) {
    $sock->recv(my $data, 2048);
    my ($heard, $said) = unpack("na*", $data);
    print "$heard $said\\n";
  }
}`;

/** A server with one channel, as small as the wire allows. */
const SERVER = `use strict; use IO::Socket; $| = 1; $SIG{ALRM} = sub { exit 1 }; alarm 30;
my $sock = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1', LocalPort => 0) or die;
print $sock->sockport, "\\n";
my (%nick, %in);
sub out_ { my ($to, $code, $text) = @_; $sock->send(pack("na*", $code, $text), 0, $to) }
while (my $from = $sock->recv(my $data, 2048)) {
  my ($code, $text) = unpack("na*", $data);
  if ($code == 20) { $nick{$from} = $text; out_($from, 30, $text); next }
  if (!$nick{$from}) { out_($from, 10, "please log in"); next }
  if ($code == 50) { $in{$from} = 1; out_($_, 140, "Pets $nick{$from}") for grep { $_ ne $from } keys %in;
                     out_($from, 60, "Pets " . keys(%in) . " Cats and dogs") }
  elsif ($code == 70) { delete $in{$from}; out_($from, 80, "Pets " . keys(%in) . " Cats and dogs") }
  elsif ($code == 90) { out_($_, 100, "Pets $nick{$from} $text") for keys %in }
  elsif ($code == 120) { my ($to, $said) = split ' ', $text, 2;
                         out_($_, 130, "$nick{$from} $said") for grep { $nick{$_} eq $to } keys %nick }
  elsif ($code == 160) { out_($from, 170, "Pets " . keys(%in) . " Cats and dogs") }
  elsif ($code == 180) { out_($from, 190, "$nick{$_} 7 Pets") for keys %in }
  elsif ($code == 40) { delete $nick{$from}; delete $in{$from}; print "gone\\n" }
}`;

Deno.test(
  { name: "a Perl client of the book's wire talks to our chat server", ignore },
  async () => {
    await using server = await serve(["chat", "--listen", "127.0.0.1:0"]);
    const port = server.endpoint.split(":")[1]!;
    const lines = [
      // Any datagram is answered: so clients find servers.
      ...["1:200:", "1:20:perla", "1:90:nobody hears", "1:50:weather", "1:50:Pets"],
      ...["1:90:hello there", "1:120:perla to me", "1:120:nobody x", "1:180:", "5:160:", "1:210:"],
      ...["2:70:Pets", "1:50:Nowhere", "0:200:", "0:40:", "1:180:"],
    ];
    const { success, stdout, stderr } = await new Deno.Command("perl", {
      args: ["-e", CLIENT, port, ...lines],
    }).output();
    const decoder = new TextDecoder();
    assertEquals([success, decoder.decode(stderr)], [true, ""]);
    assertEquals(
      decoder.decode(stdout).replace(/^(190 perla) \d+/m, "$1 TIME"),
      [
        "10 please log in",
        "30 perla",
        "10 no current channel",
        "60 Weather 1 Rain or shine",
        "60 Pets 1 Friends with fur and feathers",
        "100 Pets perla hello there",
        "130 perla to me",
        "10 nobody: not logged in",
        "190 perla TIME Pets Weather",
        "170 CurrentEvents 0 What happens in the world",
        "170 Weather 1 Rain or shine",
        "170 Gardening 0 For those with green thumbs",
        "170 Hobbies 0 Whatever fills the evenings",
        "170 Pets 1 Friends with fur and feathers",
        "10 unimplemented event code",
        "80 Pets 0 Friends with fur and feathers",
        "60 Weather 1 Rain or shine",
        "10 no channel named Nowhere",
        "10 please log in",
        "",
      ].join("\n"),
    );
  },
);

Deno.test(
  { name: "our chat client talks to a Perl server of the book's wire", ignore },
  async () => {
    const child = new Deno.Command("perl", { args: ["-e", SERVER], stdout: "piped" }).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    try {
      const port = (await reader.read()).value!.trim();
      const { code, stdout, stderr } = await netwright(
        ["chat", `ann@127.0.0.1:${port}`, "--join", "Pets", "--wait", "0.4"],
        { stdin: "hello\n/private ann psst\n/users\n/channels\n/part Pets\n" },
      );
      assertEquals([code, stderr], [0, ""]);
      assertMatch(
        stdout,
        /^-- you are in Pets with 1 in all: Cats and dogs\n\[Pets\] ann: hello\n\*ann\* psst\n +ann +0:00:07 +Pets\n +Pets +1 +Cats and dogs\n-- you left Pets\n$/,
      );
      assertEquals((await reader.read()).value, "gone\n");
    } finally {
      child.kill("SIGTERM");
      await child.status;
      await reader.cancel();
    }
  },
);
