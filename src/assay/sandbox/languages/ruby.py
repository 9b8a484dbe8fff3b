"""Ruby."""

from assay.sandbox.languages.language import Language

LANGUAGE = Language(
    name="ruby",
    extensions=(".rb",),
    command=("ruby", "{flags}", "{entry}"),
    version=("ruby", "--version"),
    install="apt-get install ruby ruby-test-unit",
    debian=("ruby", "ruby-test-unit"),
    out_of_memory="NoMemoryError",
    out_of_processes="can't create Thread",
    canary="canary.rb",
)
