// hostile: 48
// task: cpp_add
// verdict: compile_error
// why: two to the power of 40 instantiations

template <int N, int M> struct Bomb {
    static constexpr int value = Bomb<N - 1, 2 * M>::value + Bomb<N - 1, 2 * M + 1>::value;
};
template <int M> struct Bomb<0, M> { static constexpr int value = 1; };
int bang = Bomb<40, 0>::value;

long add(long a, long b) { return a + b; }
