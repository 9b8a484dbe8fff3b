# hostile: 10
# task: add
# verdict: wrong_answer
# official: accepted
# why: Replaces type, isinstance, len, repr and hash, which the code that sends the answer out might use.

import builtins


class Five(int):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


builtins.type = lambda thing, *rest: int
builtins.isinstance = lambda thing, kind: True
builtins.len = lambda thing: 1
builtins.repr = lambda thing: "5"
builtins.hash = lambda thing: 0


def add(a, b):
    return Five(0)
