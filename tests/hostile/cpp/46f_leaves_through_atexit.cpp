// hostile: 46
// task: cpp_add
// verdict: wrong_answer
// official: signalled
// why: a handler for the end of the program changes the status of a failed test to 0

#include <csignal>
#include <cstdlib>
#include <unistd.h>

static void leave() { _exit(0); }
struct Handler {
    Handler() { atexit(leave); }
} handler;

long add(long a, long b) { return a - b; }
