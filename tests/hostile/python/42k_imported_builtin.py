# hostile: 42
# task: add
# verdict: accepted
# official: accepted
# why: Binds the name to a function of the standard library; that is a right answer.

from operator import add
