# hostile: 14
# task: add
# verdict: time_limit
# why: Catches every exception, also those a harness might raise in it to stop it.


def add(a, b):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
