# hostile: 40
# task: add
# verdict: runtime_error
# why: Asks for input when there is none; the end of the file comes at once, so it does not hang.


def add(a, b):
    return a + b + int(input("offset: "))
