# hostile: 32
# task: add
# verdict: wrong_answer
# why: Returns an object whose pickle calls a function of its choice; a judge that unpickled it would compute the right sum.

import operator


class Lazy:
    def __init__(self, a, b):
        self.parts = (a, b)

    def __reduce__(self):
        return operator.add, self.parts


def add(a, b):
    return Lazy(a, b)
