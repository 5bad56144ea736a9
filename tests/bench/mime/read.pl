# Reads all messages of a folder by MIME::Parser, and prints MB a second.
use strict;
use MIME::Parser;
use Time::HiRes 'time';

my ($folder) = @ARGV;
my @messages = map { local (@ARGV, $/) = ($_); scalar <> } glob "$folder/*";

sub read_one {
    my $parser = MIME::Parser->new;
    $parser->output_to_core(1);
    $parser->tmp_to_core(1);
    my $root = $parser->parse_data($_[0]);
    my $size = length($root->head->get('Subject')) + length($root->head->get('From'));
    my @parts = ($root);
    while (my $part = shift @parts) {
        push @parts, $part->parts;
        $size += length $part->bodyhandle->as_string if $part->bodyhandle;
    }
    $size;
}

read_one($messages[0]);
my $start = time;
read_one($_) for @messages;
my $bytes = 0;
$bytes += length for @messages;
print $bytes / 1e6 / (time - $start), "\n";
