# hostile: 41
# task: run
# status: time_limit_idle
# why: A whole program that sleeps for thirty years.

import time

time.sleep(1e9)
