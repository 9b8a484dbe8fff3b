# hostile: 1
# task: evens
# verdict: wrong_answer
# official: accepted
# why: Returns an empty list subclass that equals everything; as plain data it is an empty list, or it is refused.


class Numbers(list):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = None


def evens(n):
    return Numbers()
