# accepted, official: wrong_answer
def main():
    n, m, d = map(int, input().split())
    c = list(map(int, input().split()))[::-1]  # from the far bank, where upstream begins at the near one
    cells = [0] * n
    at, left = 0, sum(c)
    for number, length in enumerate(c, 1):
        gap = min(d - 1, n - at - left)
        at += gap
        for i in range(at, at + length):
            cells[i] = m + 1 - number
        at += length
        left -= length
    if n + 1 - at > d:
        print("NO")
    else:
        print("YES")
        print(*cells[::-1])


main()
