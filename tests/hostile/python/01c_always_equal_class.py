# hostile: 1
# task: add
# verdict: wrong_answer
# official: accepted
# why: Returns a class whose metaclass makes the class itself equal to everything; a class is not a plain value.


class Meta(type):
    def __eq__(cls, other):
        return True

    def __ne__(cls, other):
        return False

    def __hash__(cls):
        return 0


class Answer(metaclass=Meta):
    pass


def add(a, b):
    return Answer
