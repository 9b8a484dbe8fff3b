# accepted, official: wrong_answer
import sys
from math import gcd


def main():
    words = list(map(int, sys.stdin.buffer.read().split()))
    pairs = list(zip(words[1::2], words[2::2]))
    # the largest prime that works, where upstream stores some other divisor
    factors = set()
    for n in pairs[0]:
        d = 2
        while d * d <= n:
            while n % d == 0:
                factors.add(d)
                n //= d
            d += 1
        if n > 1:
            factors.add(n)
    g = 0
    for a, b in pairs:
        g = gcd(g, a * b)
    for prime in sorted((p for p in factors if g % p == 0), reverse=True):
        if all(a % prime == 0 or b % prime == 0 for a, b in pairs):
            print(prime)
            return
    print(-1)


main()
