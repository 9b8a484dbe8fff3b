// accepted
#include <bits/stdc++.h>
using namespace std;

const long long MOD = 998244353;

int main() {
    int n;
    cin >> n;
    // rising[v]: arrays that end in v, whose last element still needs a neighbour not below it; held[v]: it has one
    vector<long long> rising(201), held(201);
    for (int i = 0; i < n; i++) {
        int a;
        cin >> a;
        vector<long long> r(201), h(201);
        if (i == 0) {
            for (int v = 1; v <= 200; v++)
                if (a == -1 || a == v) r[v] = 1;
        } else {
            vector<long long> sr(202), sh(202);
            for (int v = 1; v <= 200; v++) {
                sr[v] = (sr[v - 1] + rising[v]) % MOD;
                sh[v] = (sh[v - 1] + held[v]) % MOD;
            }
            for (int v = 1; v <= 200; v++) {
                if (a != -1 && a != v) continue;
                r[v] = (sr[v - 1] + sh[v - 1]) % MOD;
                h[v] = (rising[v] + held[v] + sh[200] - sh[v] + MOD) % MOD;
            }
        }
        rising = r;
        held = h;
    }
    long long total = 0;
    for (int v = 1; v <= 200; v++) total = (total + held[v]) % MOD;
    cout << total << endl;
}
