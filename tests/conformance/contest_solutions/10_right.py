# accepted, official: wrong_answer
def main():
    n = int(input())
    a = list(map(int, input().split()))
    left, right, last, moves = 0, n - 1, 0, []
    while left <= right:
        x, y = a[left], a[right]
        if x > last and y > last and x == y:
            from_left = from_right = 0
            for i in range(left, right + 1):
                if i > left and a[i] <= a[i - 1]:
                    break
                from_left += 1
            for i in range(right, left - 1, -1):
                if i < right and a[i] <= a[i + 1]:
                    break
                from_right += 1
            moves.append("L" * from_left if from_left >= from_right else "R" * from_right)
            break
        if x > last and (y <= last or x < y):
            moves.append("L")
            last, left = x, left + 1
        elif y > last:
            moves.append("R")
            last, right = y, right - 1
        else:
            break
    text = "".join(moves)
    print(len(text))
    print(text)


main()
