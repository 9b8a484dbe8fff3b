# hostile: 42
# task: add
# verdict: wrong_answer
# official: accepted
# why: Defines a class of that name; calling it makes an object, which is no plain value.


class add:
    def __init__(self, a, b):
        self.value = a + b

    def __eq__(self, other):
        return self.value == other
