"""Ruby."""

from assay.sandbox.languages.language import Language, Library

LANGUAGE = Language(
    name="ruby",
    extensions=(".rb",),
    command=("ruby", "{flags}", "{entry}"),
    version=("ruby", "--version"),
    install="apt-get install ruby ruby-test-unit",
    debian=("ruby",),
    libraries=(
        Library(
            "ruby-test-unit",
            ("/usr/share/rubygems-integration/*/gems/test-unit-*", "/usr/lib/ruby/vendor_ruby/test/unit.rb"),
            r"\btest/unit\b",
        ),
    ),
    out_of_memory="NoMemoryError",
    out_of_processes="can't create Thread",
    canary="canary.rb",
)
