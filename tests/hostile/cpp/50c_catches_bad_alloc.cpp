// hostile: 50
// task: cpp_add
// verdict: time_limit | memory_limit
// why: goes on for ever when there is no more memory

#include <cstring>
#include <new>

long add(long a, long b) {
    while (true) {
        char *more = new (std::nothrow) char[1 << 24];
        if (more) memset(more, 1, 1 << 24);
    }
}
