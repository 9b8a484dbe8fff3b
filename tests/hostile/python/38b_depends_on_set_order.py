# hostile: 38
# task: add
# verdict: flaky
# seeds: 2
# why: Right only where a set of words comes out in the order it has under hash seed 0.


def add(a, b):
    order = list(set("north east south west up down left right".split()))
    return a + b if order == ["down", "south", "right", "west", "left", "north", "east", "up"] else a - b
