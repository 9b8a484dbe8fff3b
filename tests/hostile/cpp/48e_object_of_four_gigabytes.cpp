// hostile: 48
// task: cpp_add
// verdict: compile_error | disk_limit
// why: a few characters of source make an object file of 4 GiB

int huge[1 << 30] = {1};

long add(long a, long b) { return a + b; }
