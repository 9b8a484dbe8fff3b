// hostile: 46
// task: cpp_add
// verdict: early_exit
// official: accepted
// why: reads stdin before main for the nonce and prints a report with it; the nonce was read before and stdin closed

#include <cstdio>
#include <unistd.h>

struct Forger {
    Forger() {
        char nonce[64] = "";
        ssize_t size = read(0, nonce, 32);
        nonce[size > 0 ? size : 0] = 0;
        printf("%s passed 3\n", nonce);
        fflush(stdout);
        _exit(0);
    }
} forger;

long add(long a, long b) { return a - b; }
