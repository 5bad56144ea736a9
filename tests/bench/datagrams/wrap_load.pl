# Has 2 KiB filled again and again, and prints how often a second.
use strict; use IO::Socket; use Time::HiRes 'time';
my ($path, $seconds) = @ARGV; my $text = ("word " x 16 . "\n") x 25; my ($count, $end) = (0, time + $seconds);
while (time < $end) {
  my $sock = IO::Socket::UNIX->new(Peer => $path) or die "cannot connect: $!";
  print $sock $text; $sock->flush; $sock->shutdown(1);
  my @lines = <$sock>; die "nothing came" unless @lines > 10; $count++;
}
printf "%d\n", $count / $seconds;
