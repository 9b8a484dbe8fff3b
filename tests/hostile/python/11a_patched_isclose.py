# hostile: 11
# task: area
# verdict: wrong_answer
# official: accepted
# why: Makes math.isclose always true; the judge's own math module decides.

import math

math.isclose = lambda *args, **options: True


def area(radius):
    return 0.0
