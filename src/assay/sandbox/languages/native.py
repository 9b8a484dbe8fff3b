"""A file that the kernel can start itself: a compiled program, or a script with a #! line."""

from assay.sandbox.languages.language import Language

LANGUAGE = Language(name="native", extensions=("",), command=("./{entry}",), canary="canary.sh")
