# hostile: 42
# task: add
# verdict: no_code
# why: Defines the function only on a Python that is not this one.

import sys

if sys.version_info < (3, 0):

    def add(a, b):
        return a + b
