# Called with three files: the input, the output of the answer, what is stored as expected.
# Status 0 accepts, 1 or 2 rejects; anything else means that this program is at fault.
import sys

given, output, expected = (open(name).read().split() for name in sys.argv[1:4])
if expected == ["no"]:
    sys.exit(0 if output == ["none"] else "there is no such pair")
if len(output) != 2 or not all(word.isdecimal() for word in output):
    sys.exit("two positions are wanted")
numbers, total = [int(word) for word in given[2:]], int(given[1])
first, second = (int(word) for word in output)
if first == second or not (1 <= first <= len(numbers) and 1 <= second <= len(numbers)):
    sys.exit("two different positions are wanted")
if numbers[first - 1] + numbers[second - 1] != total:
    sys.exit(f"{numbers[first - 1]} and {numbers[second - 1]} do not make {total}")
