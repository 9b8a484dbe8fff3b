# wrong_answer
import sys
from functools import reduce

words = list(map(int, sys.stdin.buffer.read().split()))
n, a = words[0], words[1:]
print(reduce(lambda x, y: x ^ y, a) if n % 2 == 0 else 0)
