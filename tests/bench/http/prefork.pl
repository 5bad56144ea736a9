# Net::Server::PreFork with the file read at each request, keep-alive as asked. Arguments: folder, port.
package Files;
use strict; use warnings; use base 'Net::Server::PreFork'; use Socket qw(IPPROTO_TCP TCP_NODELAY);
my ($folder, $port) = @ARGV;
$| = 1;
sub child_init_hook { }
sub pre_loop_hook { print STDOUT "listening on 127.0.0.1:$port\n" }
sub process_request {
    my ($self, $client) = @_;
    setsockopt $client, IPPROTO_TCP, TCP_NODELAY, 1;
    while (defined(my $line = <$client>)) {
        my ($path, $minor) = $line =~ m{^GET (\S+) HTTP/1\.(\d)} or return;
        return if $path =~ /\.\./;
        my $close = $minor == 0;
        while (defined($line = <$client>) && $line !~ /^\r?$/) { $close = 1 if $line =~ /^Connection: *close/i }
        open my $file, '<', "$folder$path" or return;
        my $bytes = do { local $/; <$file> };
        syswrite $client, "HTTP/1.1 200 OK\r\nContent-Length: " . length($bytes) . "\r\n\r\n" . $bytes;
        return if $close;
    }
}
Files->run(host => '127.0.0.1', port => $port, ipv => 4, min_servers => 10, min_spare_servers => 5,
    max_spare_servers => 60, max_servers => 64, max_requests => 100_000_000, log_level => 0);
