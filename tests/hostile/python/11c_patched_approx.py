# hostile: 11
# task: area
# verdict: wrong_answer
# why: Makes pytest.approx return something that equals everything where pytest is installed.


class Close:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


try:
    import pytest

    pytest.approx = lambda *args, **options: Close()
except ImportError:
    pass


def area(radius):
    return 0.0
