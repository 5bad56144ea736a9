# The plainest UDP echo server of Perl.
use strict; use IO::Socket; $| = 1;
my $sock = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1', LocalPort => 0) or die;
$sock->sockopt(SO_RCVBUF, 4 << 20);
print "listening on 127.0.0.1:", $sock->sockport, "\n";
while (1) {
  my $from = $sock->recv(my $data, 65536);
  $sock->send($data, 0, $from);
}
