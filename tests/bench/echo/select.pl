# The plainest echo server of Perl: one IO::Select loop.
use strict; use warnings; use IO::Socket::INET; use IO::Select; use Socket qw(IPPROTO_TCP TCP_NODELAY);
$| = 1;
my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 1024) or die $@;
print "listening on 127.0.0.1:", $listener->sockport, "\n";
my $select = IO::Select->new($listener);
while (1) {
    for my $socket ($select->can_read) {
        if ($socket == $listener) {
            my $client = $listener->accept or next;
            setsockopt $client, IPPROTO_TCP, TCP_NODELAY, 1;
            $select->add($client);
        } elsif (sysread $socket, my $data, 32768) {
            my $done = 0;
            while ($done < length $data) {
                my $written = syswrite $socket, $data, length($data) - $done, $done;
                last unless $written;
                $done += $written;
            }
        } else { $select->remove($socket); close $socket }
    }
}
