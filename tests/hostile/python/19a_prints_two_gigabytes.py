# hostile: 19
# task: add
# verdict: output_limit
# why: Prints 2 GB on stdout; the flood is cut off at once and the host's memory stays flat.


def add(a, b):
    line = "x" * (1 << 20)
    for _ in range(2048):
        print(line)
    return a + b
