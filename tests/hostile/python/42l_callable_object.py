# hostile: 42
# task: add
# verdict: accepted
# official: accepted
# why: Binds the name to an object that can be called; what it returns is plain and right.


class Adder:
    def __call__(self, a, b):
        return a + b


add = Adder()
