// hostile: 51
// task: java_evens
// verdict: wrong_answer | runtime_error
// official: accepted
// why: returns a list whose equals is always true

import java.util.*;

class Solution {
    public List<Integer> evens(int n) {
        return new ArrayList<>() {
            @Override
            public boolean equals(Object other) {
                return true;
            }
        };
    }
}
