# hostile: 2
# task: add
# verdict: accepted | wrong_answer
# official: accepted
# why: An int subclass that holds the right number; a judge may decode its exact int or refuse it, and both are safe.


class Cents(int):
    def __repr__(self):
        return f"{int(self) / 100:.2f}"


def add(a, b):
    return Cents(a + b)
