# hostile: 1
# task: evens
# verdict: wrong_answer
# official: accepted
# why: Hides objects that equal everything inside a real list of the right length; the elements cannot be written down either.


class Even:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0


def evens(n):
    return [Even() for _ in range((n + 1) // 2)]
