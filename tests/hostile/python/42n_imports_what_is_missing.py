# hostile: 42
# task: add
# verdict: runtime_error
# why: Imports a module that is not installed.

import a_package_that_does_not_exist


def add(a, b):
    return a + b
