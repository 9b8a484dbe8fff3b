# hostile: 21
# task: run
# status: process_limit | time_limit_cpu | time_limit_wall
# why: A whole program that forks without end and ignores every refusal.

import os

while True:
    try:
        os.fork()
    except OSError:
        pass
