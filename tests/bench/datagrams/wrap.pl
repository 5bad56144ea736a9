# The book's wrap server, serial.
use strict; use IO::Socket; use Text::Wrap 'fill'; $| = 1; $Text::Wrap::columns = 50;
my ($path) = @ARGV; unlink $path;
my $listen = IO::Socket::UNIX->new(Local => $path, Listen => 128) or die "no socket: $!";
print "listening on unix:$path\n";
while (my $client = $listen->accept) {
  my @lines = <$client>; chomp @lines;
  print $client fill('', '', join(' ', @lines)), "\n"; close $client;
}
