/* Vectors of float32, for the C files of this folder. */

#ifdef __clang__
#error "only gcc: clang brings threads of its own beside torch's"
#endif

#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <string.h>

/* Numbers at once: as many as the CPU has. Of wider ones gcc makes loads and stores, ten times as slow. */
#if defined(__AVX512F__)
#define WIDE 16
#elif defined(__AVX__)
#define WIDE 8
#else
#define WIDE 4
#endif
#define ALWAYS static inline __attribute__((always_inline))

typedef float vec __attribute__((vector_size(4 * WIDE)));
typedef int32_t ints __attribute__((vector_size(4 * WIDE)));

ALWAYS vec load(const float *from) {
    vec x;
    memcpy(&x, from, sizeof x);
    return x;
}

ALWAYS void store(float *to, vec x) { memcpy(to, &x, sizeof x); }

ALWAYS vec larger(vec x, vec y) {
    ints first = x > y;
    return (vec)(((ints)x & first) | ((ints)y & ~first));
}

ALWAYS float sum_of(vec x) {
    float sum = 0;
    for (int i = 0; i < WIDE; i++) sum += x[i];
    return sum;
}

ALWAYS float largest_of(vec x) {
    float top = -INFINITY;
    for (int i = 0; i < WIDE; i++) top = x[i] > top ? x[i] : top;
    return top;
}

/* 1 over the root mean square. */
ALWAYS float inverse_root(int64_t count, const float *x, float eps) {
    vec squares = {0};
    for (int64_t i = 0; i < count; i += WIDE) squares += load(x + i) * load(x + i);
    return 1 / sqrtf(sum_of(squares) / count + eps);
}

/* Of y = x * scale * weight, with the inverse root above as scale: x_grad, and weight_grad += that of weight. */
ALWAYS void norm_row_back(int64_t count, const float *x, const float *weight, float scale, const float *grad,
                          float *x_grad, float *weight_grad) {
    vec sums = {0};
    for (int64_t i = 0; i < count; i += WIDE) {
        vec products = load(grad + i) * load(x + i);
        sums += products * load(weight + i);
        store(weight_grad + i, load(weight_grad + i) + products * scale);
    }
    float along = sum_of(sums) * scale * scale * scale / count;
    for (int64_t i = 0; i < count; i += WIDE)
        store(x_grad + i, load(grad + i) * load(weight + i) * scale - load(x + i) * along);
}

/* exp for x <= 0: 2^n times a polynomial of what is left (Cephes, expf); below -87 it is 0; what is no number stays
   so. */
ALWAYS vec exponential(vec x) {
    const vec zero = {0}, rounding = zero + 12582912.0f; /* 1.5 * 2^23: adding it rounds to a whole number */
    ints counts = ~(x <= -87.0f);
    vec shifted = x * 1.44269504f + rounding;
    vec n = shifted - rounding;
    vec r = x - n * 0.693359375f + n * 2.12194440e-4f;
    vec p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    return (vec)(((ints)p + ((ints)shifted << 23)) & counts);
}

/* A square of WIDE rows, its rows and columns exchanged: by halves, quarters and so on. */
ALWAYS void exchange(vec square[WIDE]) {
    ints lane;
    for (int i = 0; i < WIDE; i++) lane[i] = i;
    for (int step = WIDE / 2; step; step /= 2) {
        ints odd = (lane & step) != 0, low = lane + (odd & (WIDE - step)), high = lane + step + (odd & (WIDE - step));
        for (int i = 0; i < WIDE; i++) {
            if (i & step) continue;
            vec first = square[i], second = square[i + step];
            square[i] = __builtin_shuffle(first, second, low);
            square[i + step] = __builtin_shuffle(first, second, high);
        }
    }
}
