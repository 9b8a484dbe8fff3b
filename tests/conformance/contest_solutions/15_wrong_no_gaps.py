# wrong_answer
n, m, d = map(int, input().split())
c = list(map(int, input().split()))
cells = [k for k, length in enumerate(c, 1) for _ in range(length)]
print("YES")
print(*(cells + [0] * n)[:n])
