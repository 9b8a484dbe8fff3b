# hostile: 2
# task: add
# verdict: wrong_answer
# official: accepted
# why: An int subclass that answers __int__ and __index__ with other numbers each time, to confuse a decoder that asks it.


class Int(int):
    asked = 0

    def __index__(self):
        Int.asked += 1
        return Int.asked

    __int__ = __index__

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def to_bytes(self, *args, **kwargs):
        return b"\x05"

    def bit_length(self):
        return 3


def add(a, b):
    return Int(-1)
