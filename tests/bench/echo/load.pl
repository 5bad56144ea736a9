# Round trips a second: PORT CONNECTIONS BYTES SECONDS. Each connection has one message under way.
use strict; use warnings; use IO::Socket::INET; use Socket qw(IPPROTO_TCP TCP_NODELAY); use Time::HiRes 'time';
my ($port, $count, $bytes, $seconds) = @ARGV;
my $message = 'x' x $bytes;
my (@sockets, @missing, $wanted);
$wanted = '';
for (1 .. $count) {
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) or die $@;
    setsockopt $socket, IPPROTO_TCP, TCP_NODELAY, 1;
    my $fd = fileno $socket;
    ($sockets[$fd], $missing[$fd]) = ($socket, $bytes);
    vec($wanted, $fd, 1) = 1;
}
my @fds = grep { defined $sockets[$_] } 0 .. $#sockets;
syswrite $sockets[$_], $message for @fds;
my ($trips, $start) = (0, time);
my $end = $start + $seconds;
while (time < $end) {
    select my $ready = $wanted, undef, undef, 1;
    for my $fd (@fds) {
        next unless vec $ready, $fd, 1;
        my $got = sysread $sockets[$fd], my $data, 65536;
        die "closed\n" unless $got;
        $missing[$fd] -= $got;
        next if $missing[$fd] > 0;
        $trips++;
        $missing[$fd] = $bytes;
        syswrite $sockets[$fd], $message;
    }
}
print $trips / (time - $start);
