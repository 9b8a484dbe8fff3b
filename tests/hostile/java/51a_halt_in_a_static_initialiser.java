// hostile: 51
// task: java_evens
// verdict: early_exit
// official: accepted
// why: stops the machine with status 0 while its class is loaded, without any handler being run

import java.util.*;

class Solution {
    static {
        Runtime.getRuntime().halt(0);
    }

    public List<Integer> evens(int n) {
        return null;
    }
}
