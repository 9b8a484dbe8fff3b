use strict;
use IO::Socket::INET;

my ($word, @rest) = split " ", <STDIN>;
if ($word eq "add") {
    print $rest[0] + $rest[1], "\n";
    exit 3;
}
die "failed" if $word eq "fail";
while ($word eq "spin") { }
for (my @all; $word eq "hog";) { push @all, "x" x (1 << 20) . @all; }
print open(my $file, "<", $rest[0]) ? "file\n" : "no file\n";
print IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $rest[1]) ? "connection\n" : "no connection\n";
