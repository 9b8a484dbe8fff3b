// hostile: 54
// task: java_evens
// verdict: compile_error
// official: compile_error
// why: the tests do not find the class that they look for

import java.util.*;

class Answer {
    public List<Integer> evens(int n) {
        return new ArrayList<>();
    }
}
