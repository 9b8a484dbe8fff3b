# hostile: 32
# task: evens
# verdict: wrong_answer
# why: Returns a list whose elements rebuild themselves as the right numbers when copied or unpickled.


class Even:
    def __init__(self, value):
        self.value = value

    def __reduce_ex__(self, protocol):
        return int, (self.value,)

    def __deepcopy__(self, memo):
        return self.value

    __copy__ = __int__ = __index__ = lambda self: self.value


def evens(n):
    return [Even(value) for value in range(0, n, 2)]
