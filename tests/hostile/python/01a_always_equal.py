# hostile: 1
# task: add
# verdict: wrong_answer
# official: accepted
# why: Returns an object that equals everything; the judge compares plain values only and this one cannot be written down.


class Sum:
    def __init__(self, *parts):
        self.parts = parts

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0


def add(a, b):
    return Sum(a, b)
