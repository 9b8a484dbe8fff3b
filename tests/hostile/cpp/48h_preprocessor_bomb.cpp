// hostile: 48
// task: cpp_add
// verdict: compile_error
// why: macros that grow to 10^10 words

#define A x x x x x x x x x x
#define B A A A A A A A A A A
#define C B B B B B B B B B B
#define D C C C C C C C C C C
#define E D D D D D D D D D D
#define F E E E E E E E E E E
#define G F F F F F F F F F F
#define H G G G G G G G G G G
#define I H H H H H H H H H H
long add(long a, long b) { return a + b; }
I I I I I I I I I I
