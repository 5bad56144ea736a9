# The plainest chat server of the book's wire in Perl: one channel.
use strict; use IO::Socket; $| = 1;
my $sock = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1', LocalPort => 0) or die;
$sock->sockopt(SO_RCVBUF, 4 << 20);
print "listening on 127.0.0.1:", $sock->sockport, "\n";
my (%nick, %in);
while (1) {
  my $from = $sock->recv(my $data, 65536);
  my ($code, $text) = unpack("na*", $data);
  if ($code == 90 && $in{$from}) {
    my $event = pack("na*", 100, "Pets $nick{$from} $text");
    $sock->send($event, 0, $_) for keys %in;
  }
  elsif ($code == 40) { delete $in{$from} }
  elsif ($code == 20) { $nick{$from} = $text; $sock->send(pack("na*", 30, $text), 0, $from) }
  elsif ($code == 50) { $in{$from} = 1; $sock->send(pack("na*", 60, "Pets 1 Cats"), 0, $from) }
}
