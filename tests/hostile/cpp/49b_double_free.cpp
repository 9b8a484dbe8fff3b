// hostile: 49
// task: cpp_add
// verdict: signalled
// why: the C library finds that memory is given back twice, and aborts

#include <cstdlib>

long add(long a, long b) {
    volatile long *sum = (long *)malloc(sizeof(long));
    *sum = a + b;
    free((void *)sum);
    free((void *)sum);
    return a + b;
}
