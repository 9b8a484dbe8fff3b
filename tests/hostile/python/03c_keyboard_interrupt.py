# hostile: 3
# task: add
# verdict: runtime_error
# why: Raises an exception that `except Exception` does not catch; it is an ordinary failure of the program.


def add(a, b):
    raise KeyboardInterrupt
