# hostile: 42
# task: add
# verdict: wrong_answer
# official: wrong_answer
# why: Is a coroutine function; what a call returns is no plain value.


async def add(a, b):
    return a + b
