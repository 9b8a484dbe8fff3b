/* Causal attention of whole rows with its gradients, for training: see learn.py, which calls this.

   A thread takes a key/value head of a row at a time, with its G query heads: norms and turns them (rotary positions),
   and goes through blocks of queries, each with the keys that are not later. Chances are computed again on the way
   back, from the scores and what each query's add up to (arXiv 2205.14135), so nothing of the square is kept, and a
   block stays in the near caches. float32, as torch computes it but for the order of sums, which depends on no other
   row and on no number of threads.

   Letters: B rows of T tokens, H query heads, K key/value heads, G = H / K, C numbers of a head, W = T rounded up to
   whole vectors, and one more, since rows whose length is a power of two evict each other from a cache. C is a multiple
   of 16. */

#include "head.h"

#define BLOCK 32 /* queries of a head */
/* Rows of a tile of a product, of two vectors each: its sums stay in registers. */
#if defined(__AVX512F__) || defined(__aarch64__)
#define TALL 8 /* of 32 */
#else
#define TALL 4 /* of 16 */
#endif

/* What both ways share. qkv: (B*T or more, H + 2K, C), products with the layer's weights. q_weight, k_weight: of the
   norms, C each, or none. cos, sin: a row of C for each token. mask: (B, T, T), 0 where a query may not see a key; or
   none. y: (B*T, H, C). kept, by row and key/value head: turned queries (G, T, C), turned keys (T, C), each query's
   largest score and the inverse of its sum of exponentials (G, T, 2). scratch: for each thread `room` numbers. */
typedef struct {
    int64_t rows, length, heads, kv_heads, head_dim, threads, room;
    const float *qkv, *q_weight, *k_weight, *cos, *sin;
    const uint8_t *mask;
    float *y, *kept, *scratch;
    float eps;
} Attention;

/* out (rows x N vectors) = a @ b, or +=. a's numbers lie a_row and a_step apart. */
ALWAYS void tile(int rows, int N, int64_t depth, const float *a, int64_t a_row, int64_t a_step, const float *b,
                 int64_t b_row, float *out, int64_t out_row, int more) {
    vec sums[TALL][2];
    for (int m = 0; m < rows; m++)
        for (int n = 0; n < N; n++) sums[m][n] = more ? load(out + m * out_row + n * WIDE) : (vec){0};
    for (int64_t k = 0; k < depth; k++) {
        vec values[2];
        for (int n = 0; n < N; n++) values[n] = load(b + k * b_row + n * WIDE);
        for (int m = 0; m < rows; m++)
            for (int n = 0; n < N; n++) sums[m][n] += a[m * a_row + k * a_step] * values[n];
    }
    for (int m = 0; m < rows; m++)
        for (int n = 0; n < N; n++) store(out + m * out_row + n * WIDE, sums[m][n]);
}

ALWAYS void tiles(int rows, int64_t columns, int64_t depth, const float *a, int64_t a_row, int64_t a_step,
                  const float *b, int64_t b_row, float *out, int64_t out_row, int more) {
    int64_t at = 0;
    for (; at + WIDE < columns; at += 2 * WIDE)
        tile(rows, 2, depth, a, a_row, a_step, b + at, b_row, out + at, out_row, more);
    if (at < columns) tile(rows, 1, depth, a, a_row, a_step, b + at, b_row, out + at, out_row, more);
}

/* out (rows x columns) = a (rows x depth) @ b (depth x columns), or +=. columns: of whole vectors. */
ALWAYS void product(int64_t rows, int64_t columns, int64_t depth, const float *a, int64_t a_row, int64_t a_step,
                    const float *b, int64_t b_row, float *out, int64_t out_row, int more) {
    int64_t m = 0;
    for (; m + TALL <= rows; m += TALL)
        tiles(TALL, columns, depth, a + m * a_row, a_row, a_step, b, b_row, out + m * out_row, out_row, more);
    for (; m < rows; m++)
        tiles(1, columns, depth, a + m * a_row, a_row, a_step, b, b_row, out + m * out_row, out_row, more);
}

/* (T, C), each `row` apart, as (C, W), 0 in the columns that fill up the last vector. */
ALWAYS void turn_over(int64_t T, int64_t W, int64_t C, const float *x, int64_t row, float *y) {
    for (int64_t t = 0; t < T; t += WIDE)
        for (int64_t c = 0; c < C; c += WIDE) {
            vec square[WIDE];
            for (int i = 0; i < WIDE; i++) square[i] = t + i < T ? load(x + (t + i) * row + c) : (vec){0};
            exchange(square);
            for (int i = 0; i < WIDE; i++) store(y + (c + i) * W + t, square[i]);
        }
}

/* grad of y becomes that of x; weight_grad += that of weight. */
ALWAYS void turn_back(int64_t C, const float *x, const float *weight, const float *cos, const float *sin, float eps,
                      float *grad, float *weight_grad) {
    float back[C];
    for (int64_t c = 0, half = C / 2; c < half; c++) {
        float a = grad[c], b = grad[c + half];
        back[c] = a * cos[c] + b * sin[c + half];
        back[c + half] = b * cos[c + half] + a * sin[c];
    }
    if (weight) norm_row_back(C, x, weight, inverse_root(C, x, eps), back, grad, weight_grad);
    else memcpy(grad, back, sizeof back);
}

/* Of `wide` scores of the query number t: minus infinity for those it does not see. */
ALWAYS void hide(int64_t t, int64_t wide, const uint8_t *mask, float *scores) {
    for (int64_t l = t + 1; l < wide; l++) scores[l] = -INFINITY;
    if (mask)
        for (int64_t l = 0; l <= t; l++) scores[l] = mask[l] ? scores[l] : -INFINITY;
}

ALWAYS const uint8_t *mask_of(const Attention *it, int64_t b, int64_t t) {
    return it->mask ? it->mask + (b * it->length + t) * it->length : 0;
}

ALWAYS float *kept_of(const Attention *it, int64_t C, int64_t b, int64_t k) {
    int64_t G = it->heads / it->kv_heads, T = it->length;
    return it->kept + (b * it->kv_heads + k) * ((G + 1) * T * C + 2 * G * T);
}

ALWAYS void forward(int64_t C, const Attention *it, int64_t b, int64_t k, float *scratch) {
    int64_t T = it->length, W = (T + WIDE - 1) / WIDE * WIDE + WIDE, H = it->heads, G = H / it->kv_heads;
    int64_t token = (H + 2 * it->kv_heads) * C;
    const float *qkv = it->qkv + b * T * token, *values = qkv + (H + it->kv_heads + k) * C;
    float *queries = kept_of(it, C, b, k), *keys = queries + G * T * C, *sums_of = keys + T * C;
    float *keys_turned = scratch, *scores = scratch + C * W, scale = 1 / sqrtf(C);
    for (int64_t t = 0; t < T; t++) {
        const float *cos = it->cos + (b * T + t) * C, *sin = it->sin + (b * T + t) * C;
        for (int64_t g = 0; g < G; g++)
            turn(C, qkv + t * token + (k * G + g) * C, it->q_weight, cos, sin, it->eps, 1,
                 queries + (g * T + t) * C);
        turn(C, qkv + t * token + (H + k) * C, it->k_weight, cos, sin, it->eps, 1, keys + t * C);
    }
    turn_over(T, W, C, keys, C, keys_turned);
    for (int64_t begin = 0; begin < T; begin += BLOCK) {
        int64_t end = begin + BLOCK < T ? begin + BLOCK : T, wide = (end + WIDE - 1) / WIDE * WIDE;
        for (int64_t g = 0; g < G; g++) {
            float *y = it->y + ((b * T + begin) * H + k * G + g) * C, *known = sums_of + 2 * (g * T + begin);
            product(end - begin, wide, C, queries + (g * T + begin) * C, C, 1, keys_turned, W, scores, W, 0);
            for (int64_t t = begin; t < end; t++) {
                float *of = scores + (t - begin) * W;
                hide(t, wide, mask_of(it, b, t), of);
                vec tops = load(of), sums = {0};
                for (int64_t l = WIDE; l < wide; l += WIDE) tops = larger(tops, load(of + l));
                float top = largest_of(tops) * scale;
                for (int64_t l = 0; l < wide; l += WIDE) {
                    vec chances = exponential(load(of + l) * scale - top);
                    store(of + l, chances);
                    sums += chances;
                }
                known[2 * (t - begin)] = top;
                known[2 * (t - begin) + 1] = 1 / sum_of(sums);
            }
            product(end - begin, C, end, scores, W, 1, values, token, y, H * C, 0);
            for (int64_t t = 0; t < end - begin; t++)
                for (int64_t c = 0; c < C; c++) y[t * H * C + c] *= known[2 * t + 1];
        }
    }
}

/* weight_grad: of q_weight and k_weight, C each. */
ALWAYS void backward(int64_t C, const Attention *it, int64_t b, int64_t k, const float *y_grad, float *qkv_grad,
                     float *weight_grad, float *scratch) {
    int64_t T = it->length, W = (T + WIDE - 1) / WIDE * WIDE + WIDE, H = it->heads, G = H / it->kv_heads;
    int64_t token = (H + 2 * it->kv_heads) * C;
    const float *qkv = it->qkv + b * T * token;
    float *queries = kept_of(it, C, b, k), *keys = queries + G * T * C, *sums_of = keys + T * C;
    float *keys_turned = scratch, *values_turned = scratch + C * W, scale = 1 / sqrtf(C);
    float *chances = scratch + 2 * C * W, *score_grad = chances + BLOCK * W;
    float *q_grad = qkv_grad + b * T * token + k * G * C, *k_grad = qkv_grad + b * T * token + (H + k) * C;
    float *v_grad = k_grad + it->kv_heads * C;
    turn_over(T, W, C, keys, C, keys_turned);
    turn_over(T, W, C, qkv + (H + it->kv_heads + k) * C, token, values_turned);
    for (int64_t t = 0; t < T; t++) {
        memset(k_grad + t * token, 0, C * sizeof *k_grad);
        memset(v_grad + t * token, 0, C * sizeof *v_grad);
    }
    for (int64_t begin = 0; begin < T; begin += BLOCK) {
        int64_t end = begin + BLOCK < T ? begin + BLOCK : T, wide = (end + WIDE - 1) / WIDE * WIDE;
        int64_t count = end - begin;
        for (int64_t g = 0; g < G; g++) {
            const float *query = queries + (g * T + begin) * C, *known = sums_of + 2 * (g * T + begin);
            int64_t at = ((b * T + begin) * H + k * G + g) * C;
            product(count, wide, C, query, C, 1, keys_turned, W, chances, W, 0);
            product(count, wide, C, y_grad + at, H * C, 1, values_turned, W, score_grad, W, 0);
            for (int64_t t = begin; t < end; t++) {
                float *of = chances + (t - begin) * W, *to = score_grad + (t - begin) * W;
                const float *y = it->y + at + (t - begin) * H * C, *grad = y_grad + at + (t - begin) * H * C;
                vec products = {0};
                for (int64_t c = 0; c < C; c += WIDE) products += load(y + c) * load(grad + c);
                float along = sum_of(products), top = known[2 * (t - begin)], inverse = known[2 * (t - begin) + 1];
                hide(t, wide, mask_of(it, b, t), of);
                for (int64_t l = 0; l < wide; l += WIDE) {
                    vec chance = exponential(load(of + l) * scale - top) * inverse;
                    store(of + l, chance);
                    store(to + l, (load(to + l) - along) * chance * scale);
                }
            }
            product(count, C, end, score_grad, W, 1, keys, C, q_grad + begin * token + g * C, token, 0);
            product(end, C, count, score_grad, 1, W, query, C, k_grad, token, 1);
            product(end, C, count, chances, 1, W, y_grad + at, H * C, v_grad, token, 1);
        }
    }
    for (int64_t t = 0; t < T; t++) {
        const float *cos = it->cos + (b * T + t) * C, *sin = it->sin + (b * T + t) * C, *x = qkv + t * token;
        for (int64_t g = 0; g < G; g++)
            turn_back(C, x + (k * G + g) * C, it->q_weight, cos, sin, it->eps, q_grad + t * token + g * C, weight_grad);
        turn_back(C, x + (H + k) * C, it->k_weight, cos, sin, it->eps, k_grad + t * token, weight_grad + C);
    }
}

void attend(const Attention *it) {
#pragma omp parallel for num_threads(it->threads) schedule(static) if (it->threads > 1)
    for (int64_t i = 0; i < it->rows * it->kv_heads; i++) {
        int64_t b = i / it->kv_heads, k = i % it->kv_heads, C = it->head_dim;
        float *scratch = it->scratch + omp_get_thread_num() * it->room;
        /* Where heads are small, loops of a known length are faster. */
        if (C == 32) forward(32, it, b, k, scratch);
        else forward(C, it, b, k, scratch);
    }
}

/* y_grad: (B*T, H, C). qkv_grad: (B*T, H + 2K, C). weight_grads: (B, K, 2, C), for the norms of queries and of keys. */
void attend_back(const Attention *it, const float *y_grad, float *qkv_grad, float *weight_grads) {
    memset(weight_grads, 0, it->rows * it->kv_heads * 2 * it->head_dim * sizeof *weight_grads);
#pragma omp parallel for num_threads(it->threads) schedule(static) if (it->threads > 1)
    for (int64_t i = 0; i < it->rows * it->kv_heads; i++) {
        int64_t b = i / it->kv_heads, k = i % it->kv_heads, C = it->head_dim;
        float *scratch = it->scratch + omp_get_thread_num() * it->room, *weight_grad = weight_grads + i * 2 * C;
        if (C == 32) backward(32, it, b, k, y_grad, qkv_grad, weight_grad, scratch);
        else backward(C, it, b, k, y_grad, qkv_grad, weight_grad, scratch);
    }
}
