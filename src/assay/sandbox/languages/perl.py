"""Perl 5."""

from assay.sandbox.languages.language import Language, Library

LANGUAGE = Language(
    name="perl",
    extensions=(".pl",),
    command=("perl", "{flags}", "{entry}"),
    version=("perl", "-e", 'print "perl $^V\\n"'),
    install="apt-get install perl libtest-deep-perl",
    debian=("perl",),
    libraries=(
        Library(
            "libtest-deep-perl",
            ("/usr/share/perl5/Test/Deep.pm", "/usr/local/share/perl/*/Test/Deep.pm"),
            r"\bTest::Deep\b",
        ),
    ),
    out_of_memory="Out of memory",
    canary="canary.pl",
)
