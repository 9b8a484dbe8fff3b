/* What a network computes between its products, each in one pass over memory, with gradients: see learn.py.

   Letters: N rows of D numbers (norms; a multiple of 16), of 2F numbers (gates and what they gate; F a multiple of 16),
   of V logits. Each row is computed by itself, and sums over rows are taken by parts of a fixed size, so nothing
   depends on the number of threads. */

#include "vector.h"

#define PART 64 /* rows that are summed up together */

/* y = x over its root mean square, times weight. scales: the inverses, one a row, for the way back. */
void norm(int64_t N, int64_t D, int64_t threads, const float *x, const float *weight, float eps, float *y,
          float *scales) {
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (int64_t n = 0; n < N; n++) {
        const float *from = x + n * D;
        float scale = scales[n] = inverse_root(D, from, eps);
        for (int64_t d = 0; d < D; d += WIDE) store(y + n * D + d, load(from + d) * scale * load(weight + d));
    }
}

/* weight_grads: (parts of PART rows, D). */
void norm_back(int64_t N, int64_t D, int64_t threads, const float *x, const float *weight, const float *scales,
               const float *grad, float *x_grad, float *weight_grads) {
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (int64_t part = 0; part < (N + PART - 1) / PART; part++) {
        float *weight_grad = weight_grads + part * D;
        memset(weight_grad, 0, D * sizeof *weight_grad);
        for (int64_t n = part * PART; n < N && n < (part + 1) * PART; n++)
            norm_row_back(D, x + n * D, weight, scales[n], grad + n * D, x_grad + n * D, weight_grad);
    }
}

ALWAYS vec sigmoid(vec x) {
    ints below = x < 0.0f;
    vec small = exponential((vec)((ints)x | (int32_t)0x80000000)), one = (vec){0} + 1.0f; /* of -|x| */
    return (vec)(((ints)small & below) | ((ints)one & ~below)) / (small + 1.0f);
}

/* y (N, F) = silu(gate) * up, of both (N, 2F). */
void swiglu(int64_t N, int64_t F, int64_t threads, const float *both, float *y) {
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (int64_t n = 0; n < N; n++)
        for (int64_t f = 0; f < F; f += WIDE) {
            vec gate = load(both + 2 * n * F + f);
            store(y + n * F + f, gate * sigmoid(gate) * load(both + (2 * n + 1) * F + f));
        }
}

/* Both become their gradients. */
void swiglu_back(int64_t N, int64_t F, int64_t threads, float *both, const float *grad) {
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (int64_t n = 0; n < N; n++)
        for (int64_t f = 0; f < F; f += WIDE) {
            float *gates = both + 2 * n * F + f, *ups = gates + F;
            vec gate = load(gates), part = sigmoid(gate), up = load(ups), of = load(grad + n * F + f);
            store(ups, of * gate * part);
            store(gates, of * up * part * (gate * (1.0f - part) + 1.0f));
        }
}

/* The last numbers of a row, fewer than a vector, and what changes nothing. */
ALWAYS vec rest(const float *from, int64_t count, float other) {
    float x[WIDE];
    for (int64_t i = 0; i < WIDE; i++) x[i] = i < count ? from[i] : other;
    return load(x);
}

/* nats = minus the logarithm of each row's target's probability; known: each row's largest logit and the inverse of its
   sum of exponentials, for the way back. */
void cross_entropy(int64_t N, int64_t V, int64_t threads, const float *logits, const int64_t *targets, float *nats,
                   float *known) {
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (int64_t n = 0; n < N; n++) {
        const float *of = logits + n * V;
        int64_t even = V / WIDE * WIDE;
        vec last = rest(of + even, V - even, -INFINITY), tops = last, sums;
        for (int64_t v = 0; v < even; v += WIDE) tops = larger(tops, load(of + v));
        float top = largest_of(tops);
        sums = exponential(last - top);
        for (int64_t v = 0; v < even; v += WIDE) sums += exponential(load(of + v) - top);
        float sum = sum_of(sums);
        known[2 * n] = top;
        known[2 * n + 1] = 1 / sum;
        nats[n] = top - of[targets[n]] + logf(sum);
    }
}

/* Logits become their gradient. */
void cross_entropy_back(int64_t N, int64_t V, int64_t threads, float *logits, const int64_t *targets,
                        const float *known, const float *grad) {
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (int64_t n = 0; n < N; n++) {
        float *of = logits + n * V, top = known[2 * n], scale = known[2 * n + 1] * grad[n];
        int64_t even = V / WIDE * WIDE;
        vec last = exponential(rest(of + even, V - even, -INFINITY) - top) * scale;
        for (int64_t v = 0; v < even; v += WIDE) store(of + v, exponential(load(of + v) - top) * scale);
        memcpy(of + even, &last, (V - even) * sizeof *of);
        of[targets[n]] -= grad[n];
    }
}

/* y (columns, rows) = x (rows, columns); both multiples of 16. */
void transpose(int64_t rows, int64_t columns, int64_t threads, const float *x, float *y) {
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
    for (int64_t r = 0; r < rows; r += WIDE)
        for (int64_t c = 0; c < columns; c += WIDE) {
            vec square[WIDE];
            for (int i = 0; i < WIDE; i++) square[i] = load(x + (r + i) * columns + c);
            exchange(square);
            for (int i = 0; i < WIDE; i++) store(y + (c + i) * rows + r, square[i]);
        }
}
