// hostile: 46
// task: cpp_add
// verdict: wrong_answer
// official: accepted
// why: catches the signal of a failed assertion and leaves with status 0

#include <csignal>
#include <unistd.h>

static void leave(int) { _exit(0); }
struct Handler {
    Handler() { signal(SIGABRT, leave); }
} handler;

long add(long a, long b) { return a - b; }
