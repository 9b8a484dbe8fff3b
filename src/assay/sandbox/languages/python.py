"""Python: runs in the warm interpreter, without a start of its own."""

from assay.sandbox.languages.language import Language

LANGUAGE = Language(name="python", extensions=(".py",), proc=True, canary="canary.py")
