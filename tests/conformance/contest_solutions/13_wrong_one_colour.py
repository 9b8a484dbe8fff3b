# wrong_answer
n, k = map(int, input().split())
print("Yes")
print(*[1] * n)
