// hostile: 54
// task: java_evens
// verdict: compile_error
// why: a public class must have a file of its own

import java.util.*;

class Solution {
    public List<Integer> evens(int n) {
        return new ArrayList<>();
    }
}

public class Helper {
}
