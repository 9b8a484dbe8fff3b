# wrong_answer
n, m = input().strip(), input().strip()
print("OK" if int("".join(sorted(n))) == int(m) else "WRONG_ANSWER")
