// wrong_answer
#include <bits/stdc++.h>
using namespace std;
int main() {
    int n, k;
    cin >> n >> k;
    vector<int> root(n + 1);
    iota(root.begin(), root.end(), 0);
    function<int(int)> find = [&](int x) { return root[x] == x ? x : root[x] = find(root[x]); };
    for (int i = 1; i < n; i++) {
        int a, b, black;
        cin >> a >> b >> black;
        if (!black) root[find(a)] = find(b);
    }
    vector<int> size(n + 1);
    for (int x = 1; x <= n; x++) size[find(x)]++;
    auto power = [](int x, int e) {
        int result = 1;  // too small for what it holds
        while (e--) result = result * x % 1000000007;
        return result;
    };
    int answer = power(n, k);
    for (int x = 1; x <= n; x++) answer -= power(size[x], k);
    cout << answer << endl;
}
