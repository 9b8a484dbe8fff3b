# hostile: 2
# task: add
# verdict: wrong_answer
# official: accepted
# why: An int subclass whose stored number is 0 claims to equal anything; decoded as the int 0 or refused, it is wrong.


class Int(int):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0


def add(a, b):
    return Int(0)
