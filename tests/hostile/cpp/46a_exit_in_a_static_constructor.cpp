// hostile: 46
// task: cpp_add
// verdict: early_exit
// official: accepted
// why: leaves with status 0 before main is reached; a status alone is no pass

#include <unistd.h>

struct Leaver {
    Leaver() { _exit(0); }
} leaver;

long add(long a, long b) { return a - b; }
