"""Perl 5."""

from assay.sandbox.languages.language import Language

LANGUAGE = Language(
    name="perl",
    extensions=(".pl",),
    command=("perl", "{flags}", "{entry}"),
    version=("perl", "-e", 'print "perl $^V\\n"'),
    install="apt-get install perl libtest-deep-perl",
    debian=("perl", "libtest-deep-perl"),
    out_of_memory="Out of memory",
    canary="canary.pl",
)
