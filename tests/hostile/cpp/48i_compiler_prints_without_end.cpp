// hostile: 48
// task: cpp_add
// verdict: compile_error
// why: a thousand error messages

#define E e e e e e e e e e e; f(g)(;
#define M E E E E E E E E E E
#define N M M M M M M M M M M
N
long add(long a, long b) { return a + b; }
