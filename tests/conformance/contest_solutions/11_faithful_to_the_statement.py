# runtime_error: the problem is interactive, and no stored input answers questions
n, total = map(int, input().split())
for i in range(1, n + 1):
    print("?", i, 0, flush=True)
    assert int(input()) == 0
