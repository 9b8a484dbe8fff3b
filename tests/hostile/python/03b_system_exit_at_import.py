# hostile: 3
# task: add
# verdict: early_exit
# why: Raises SystemExit while it is loaded, before any test can run.


def add(a, b):
    return a - b


raise SystemExit(0)
