# wrong_answer
import sys
from math import gcd

words = list(map(int, sys.stdin.buffer.read().split()))
g = 0
for a, b in zip(words[1::2], words[2::2]):
    g = gcd(g, a * b)
print(g if g > 1 else -1)
