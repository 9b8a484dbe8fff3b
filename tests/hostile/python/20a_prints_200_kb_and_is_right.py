# hostile: 20
# task: add
# verdict: accepted
# official: accepted
# why: Talkative and right: 200 KB of output is no reason to fail or to be slow.


def add(a, b):
    for number in range(2_000):
        print(f"step {number:06d} " + "." * 87)
    return a + b
