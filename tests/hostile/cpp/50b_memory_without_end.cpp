// hostile: 50
// task: cpp_add
// verdict: memory_limit | signalled | runtime_error
// why: takes memory until there is none, after raising its limit

#include <cstring>
#include <new>
#include <sys/resource.h>

long add(long a, long b) {
    rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_AS, &none);
    while (true) memset(new char[1 << 24], 1, 1 << 24);
}
