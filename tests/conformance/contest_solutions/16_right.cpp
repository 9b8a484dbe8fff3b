// accepted
#include <iostream>

int main() {
    long long t1, t2, x1, x2, t0;
    std::cin >> t1 >> t2 >> x1 >> x2 >> t0;
    if (t0 == t1 && t0 == t2) {
        std::cout << x1 << ' ' << x2 << '\n';
        return 0;
    }
    if (t0 == t1) {
        std::cout << x1 << " 0\n";
        return 0;
    }
    if (t0 == t2) {
        std::cout << "0 " << x2 << '\n';
        return 0;
    }
    long long best_top = 0, best_sum = 0, best_y1 = 0, best_y2 = 0;  // best_sum 0: none yet
    for (long long y1 = 0; y1 <= x1; y1++) {
        // the least hot water that is warm enough
        long long y2 = y1 ? (y1 * (t0 - t1) + t2 - t0 - 1) / (t2 - t0) : x2;
        if (y2 > x2) break;
        long long sum = y1 + y2, top = t1 * y1 + t2 * y2 - t0 * sum;
        long long here = top * best_sum, there = best_top * sum;  // up to 4e18
        if (!best_sum || here < there || (here == there && sum > best_sum)) {
            best_top = top, best_sum = sum, best_y1 = y1, best_y2 = y2;
        }
    }
    std::cout << best_y1 << ' ' << best_y2 << '\n';
}
