# accepted
def main():
    s = input().strip()
    where = {}
    for i, digit in enumerate(s):
        where.setdefault(digit, []).append(i)
    far = {0: 0}
    line = [0]
    for i in line:
        for j in [i - 1, i + 1, *where.pop(s[i], [])]:
            if 0 <= j < len(s) and j not in far:
                far[j] = far[i] + 1
                line.append(j)
    print(far[len(s) - 1])


main()
