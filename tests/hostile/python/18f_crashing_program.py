# hostile: 18
# task: run
# status: signalled
# why: A whole program that reads address 0.

import ctypes

ctypes.string_at(0)
