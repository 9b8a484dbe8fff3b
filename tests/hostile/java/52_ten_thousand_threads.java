// hostile: 52
// task: java_evens
// verdict: process_limit | runtime_error | memory_limit
// why: starts threads that sleep until there can be no more

import java.util.*;

class Solution {
    public List<Integer> evens(int n) {
        for (int i = 0; i < 10000; i++) {
            new Thread(() -> {
                try {
                    Thread.sleep(1000000);
                } catch (InterruptedException over) {
                }
            }).start();
        }
        return null;
    }
}
