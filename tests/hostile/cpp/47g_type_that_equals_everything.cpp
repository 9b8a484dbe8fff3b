// hostile: 47
// task: cpp_add
// verdict: wrong_answer
// official: accepted
// why: returns a type of its own that equals every number; the harness asks for the declared type

struct Anything {
    operator long() const { return 41; }
    bool operator==(long) const { return true; }
    bool operator==(int) const { return true; }
};

Anything add(long a, long b) { return Anything(); }
