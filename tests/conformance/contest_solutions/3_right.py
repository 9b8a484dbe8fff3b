# accepted
from collections import Counter

n = int(input())
old = Counter(input() for _ in range(n))
new = Counter(input() for _ in range(n))
print(sum((old - new).values()))
