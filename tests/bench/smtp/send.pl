# Sends messages by Net::SMTP over one connection, and prints how many it sent a second.
use strict;
use warnings;
use Net::SMTP;
use Time::HiRes 'time';
my ($port, $count) = @ARGV;
my $text = "Subject: x\nFrom: ann\@example.org\nTo: bob\@example.org\n\n" .
  "Some words of a letter, of which there are several lines.\n" x 30;
my $begin = time;
my $smtp = Net::SMTP->new('127.0.0.1', Port => $port) or die "connect: $@";
for (1 .. $count) {
  $smtp->mail('ann@example.org') && $smtp->to('bob@example.org') && $smtp->data($text)
    or die $smtp->message;
}
$smtp->quit;
print $count / (time - $begin), "\n";
