# hostile: 19
# task: add
# verdict: output_limit
# why: Floods stdout before any test runs.


def add(a, b):
    return a + b


for number in range(10**9):
    print("loading", number, "x" * 10_000)
