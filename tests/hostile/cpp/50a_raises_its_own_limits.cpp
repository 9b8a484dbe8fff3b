// hostile: 50
// task: cpp_add
// verdict: time_limit
// why: raises its limits and turns its alarm off; the clock is not its own

#include <csignal>
#include <initializer_list>
#include <sys/resource.h>
#include <unistd.h>

long add(long a, long b) {
    rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
    for (int limit : {RLIMIT_CPU, RLIMIT_AS, RLIMIT_FSIZE, RLIMIT_NPROC}) setrlimit((__rlimit_resource)limit, &none);
    for (int number = 1; number < 32; number++) signal(number, SIG_IGN);
    alarm(0);
    volatile unsigned long spins = 0;
    while (true) spins = spins + 1;
}
