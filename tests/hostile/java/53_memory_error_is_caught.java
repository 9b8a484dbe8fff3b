// hostile: 53
// task: java_evens
// verdict: time_limit | memory_limit
// why: fills the memory, catches the error and goes on

import java.util.*;

class Solution {
    public List<Integer> evens(int n) {
        List<byte[]> all = new ArrayList<>();
        while (true) {
            try {
                all.add(new byte[1 << 20]);
            } catch (OutOfMemoryError full) {
            }
        }
    }
}
