// accepted
#include <bits/stdc++.h>
using namespace std;

int main() {
    int n;
    scanf("%d", &n);
    vector<int> a(n), b(n);
    for (int &x : a) scanf("%d", &x);
    int answer = 0;
    for (int bit = 0; bit < 26; bit++) {
        int mask = (2 << bit) - 1;
        // in the order of their lower bits already; now in that of one more
        stable_partition(a.begin(), a.end(), [&](int x) { return !(x >> bit & 1); });
        for (int i = 0; i < n; i++) b[i] = a[i] & mask;
        auto pairs_from = [&](long long least) {  // pairs with at least this sum
            long long found = 0;
            int low = n;
            for (int i = 0; i < n; i++) {
                while (low > 0 && b[i] + b[low - 1] >= least) low--;
                found += n - max(low, i + 1);
            }
            return found;
        };
        long long one = 1LL << bit;
        long long set = pairs_from(one) - pairs_from(2 * one) + pairs_from(3 * one);
        if (set & 1) answer |= one;
    }
    printf("%d\n", answer);
}
