# wrong_answer
n = int(input())
old = [input() for _ in range(n)]
new = [input() for _ in range(n)]
print(sum(a != b for a, b in zip(old, new)))
