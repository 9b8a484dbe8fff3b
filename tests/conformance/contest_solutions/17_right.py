# accepted
n, m = input().strip(), input().strip()
digits = sorted(n)
first = next((i for i, digit in enumerate(digits) if digit != "0"), 0)
print("OK" if "".join([digits[first], *digits[:first], *digits[first + 1 :]]) == m else "WRONG_ANSWER")
