/* Attention of one step of writing: each text has one new token. See step.py, which calls this.

   For every text and key/value head: the new query heads and key are normed and turned (rotary positions), key and
   value are stored in the text's slot, and the queries attend to the text's prompt (where it is shared with other
   texts) and to the text's own tokens. float32, as torch computes it but for the order of sums, which is that of the
   tokens: a text gets the same bits in any company.

   Letters as in cache.py: R slots of texts, K key/value heads, C numbers of a head, L columns, G query heads of a
   key/value head. Keys lie as C rows of L columns, values as L rows of C. Columns and C are multiples of 16. */

#include "head.h"

#define MOST 4  /* query heads at once: their sums stay in registers */

/* Slots of texts or of prompts, in all layers (Slots in slots.py). */
typedef struct {
    int64_t slots, columns;
    float *keys, *values;
    const int64_t *lengths;
} Slots;

/* One step. texts: `rows` of them get a token. prompts: without slots where texts hold their own. begins: where a
   text's own tokens begin; prompt_of: the slot of its prompt. cos, sin: a row of C for each position. scratch: for each
   thread MOST times `room` numbers, room for all columns that a text sees. */
typedef struct {
    int64_t rows, heads, kv_heads, head_dim, threads, room;
    Slots texts, prompts;
    const int64_t *begins, *prompt_of;
    const float *cos, *sin;
    float *scratch;
    float eps;
} Step;

/* What one key/value head of one text sees of its prompt or of itself. */
typedef struct {
    const float *keys, *values;
    int64_t columns, count;
} Seen;

/* scores (G rows, `room` apart) = queries @ keys; minus infinity from the last token to a whole vector. */
ALWAYS void score(int G, int64_t C, const float *queries, Seen seen, float *scores, int64_t room) {
    int64_t at = 0;
    for (; at + WIDE < seen.count; at += 2 * WIDE) {
        vec first[MOST] = {0}, second[MOST] = {0};
        for (int64_t c = 0; c < C; c++) {
            const float *key = seen.keys + c * seen.columns + at;
            vec x = load(key), y = load(key + WIDE);
            for (int g = 0; g < G; g++) {
                first[g] += queries[g * C + c] * x;
                second[g] += queries[g * C + c] * y;
            }
        }
        for (int g = 0; g < G; g++) {
            store(scores + g * room + at, first[g]);
            store(scores + g * room + at + WIDE, second[g]);
        }
    }
    for (; at < seen.count; at += WIDE) {
        vec sums[MOST] = {0};
        for (int64_t c = 0; c < C; c++) {
            vec x = load(seen.keys + c * seen.columns + at);
            for (int g = 0; g < G; g++) sums[g] += queries[g * C + c] * x;
        }
        for (int g = 0; g < G; g++) store(scores + g * room + at, sums[g]);
    }
    for (int g = 0; g < G; g++)
        for (int64_t l = seen.count; l < at; l++) scores[g * room + l] = -INFINITY;
}

/* y (G rows, C apart) += chances @ values in `wide` vectors (1 or 2) of numbers, token by token. totals, where it is
   not none, += the chances' sums. */
ALWAYS void mix_some(int G, int wide, int64_t C, const float *chances, int64_t room, Seen seen, int64_t at, float *y,
                     float *totals) {
    vec sums[MOST][2];
    float counts[MOST] = {0};
    for (int g = 0; g < G; g++) {
        for (int w = 0; w < wide; w++) sums[g][w] = load(y + g * C + at + w * WIDE);
        if (totals) counts[g] = totals[g];
    }
    for (int64_t l = 0; l < seen.count; l++) {
        vec values[2];
        for (int w = 0; w < wide; w++) values[w] = load(seen.values + l * C + at + w * WIDE);
        for (int g = 0; g < G; g++) {
            float chance = chances[g * room + l];
            for (int w = 0; w < wide; w++) sums[g][w] += chance * values[w];
            if (totals) counts[g] += chance;
        }
    }
    for (int g = 0; g < G; g++) {
        for (int w = 0; w < wide; w++) store(y + g * C + at + w * WIDE, sums[g][w]);
        if (totals) totals[g] = counts[g];
    }
}

ALWAYS void mix(int G, int64_t C, const float *chances, int64_t room, Seen seen, float *y, float *totals) {
    int64_t at = 0;
    if (C == WIDE) mix_some(G, 1, C, chances, room, seen, 0, y, totals);
    else mix_some(G, 2, C, chances, room, seen, 0, y, totals);
    for (at = 2 * WIDE; at + WIDE < C; at += 2 * WIDE) mix_some(G, 2, C, chances, room, seen, at, y, 0);
    if (at < C) mix_some(G, 1, C, chances, room, seen, at, y, 0);
}

/* y (G, C) = softmax(queries @ keys) @ values over both. */
ALWAYS void attend_to(int G, int64_t C, const float *queries, Seen prompt, Seen own, float *scratch, int64_t room,
                      float *y) {
    int64_t before = (prompt.count + WIDE - 1) / WIDE * WIDE, all = before + (own.count + WIDE - 1) / WIDE * WIDE;
    float totals[MOST] = {0};
    score(G, C, queries, prompt, scratch, room);
    score(G, C, queries, own, scratch + before, room);
    for (int g = 0; g < G; g++) {
        float *scores = scratch + g * room;
        vec tops = load(scores);
        for (int64_t l = WIDE; l < all; l += WIDE) tops = larger(tops, load(scores + l));
        float top = largest_of(tops);
        for (int64_t l = 0; l < all; l += WIDE) store(scores + l, exponential(load(scores + l) - top));
    }
    memset(y, 0, G * C * sizeof *y);
    mix(G, C, scratch, room, prompt, y, totals);
    mix(G, C, scratch + before, room, own, y, totals);
    for (int g = 0; g < G; g++)
        for (int64_t c = 0; c < C; c++) y[g * C + c] /= totals[g];
}

ALWAYS Seen seen_in(const Slots *slots, int64_t C, int64_t row, int64_t count) {
    int64_t at = row * C * slots->columns;
    return (Seen){slots->keys + at, slots->values + at, slots->columns, count};
}

/* Keys and values come from a far cache or from memory: a head's are asked for while the one before is computed. What
   is too large for the near cache the CPU fetches well by itself. */
ALWAYS void fetch(Seen seen, int64_t C) {
    if (seen.count * C > 8192) return;
    for (int64_t c = 0; c < C; c++)
        for (int64_t l = 0; l < seen.count; l += WIDE) __builtin_prefetch(seen.keys + c * seen.columns + l);
    for (int64_t i = 0; i < seen.count * C; i += WIDE) __builtin_prefetch(seen.values + i);
}

/* Key/value head k of text r. */
ALWAYS void attend_head(int64_t C, const Step *step, int64_t layer, const float *qkv, const float *q_weight,
                        const float *k_weight, float *y, int64_t r, int64_t k, float *scratch) {
    int64_t K = step->kv_heads, G = step->heads / K, at = step->texts.lengths[r], place = at;
    Seen prompt = {0}, own = seen_in(&step->texts, C, (layer * step->texts.slots + r) * K + k, at + 1);
    if (step->prompts.slots) {
        int64_t of = step->prompt_of[r];
        prompt = seen_in(&step->prompts, C, (layer * step->prompts.slots + of) * K + k, step->prompts.lengths[of]);
        place += step->begins[r];
    }
    if (k + 1 < K || r + 1 < step->rows) {
        Seen next = own;
        next.keys += C * own.columns, next.values += C * own.columns;
        fetch(next, C);
    }
    const float *x = qkv + r * (step->heads + 2 * K) * C, *cos = step->cos + place * C, *sin = step->sin + place * C;
    float key[C], queries[MOST * C];
    turn(C, x + (step->heads + k) * C, k_weight, cos, sin, step->eps, 1, key);
    for (int64_t c = 0; c < C; c++) ((float *)own.keys)[c * own.columns + at] = key[c];
    memcpy((float *)own.values + at * C, x + (step->heads + K + k) * C, C * sizeof *x);
    for (int64_t g = k * G, end = g + G; g < end;) {
        int some = end - g >= MOST ? MOST : end - g >= 2 ? 2 : 1;
        float *to = y + (r * step->heads + g) * C;
        for (int i = 0; i < some; i++)
            turn(C, x + (g + i) * C, q_weight, cos, sin, step->eps, 1 / sqrtf(C), queries + i * C);
        switch (some) { /* a constant each, so that sums stay in registers */
        case 1: attend_to(1, C, queries, prompt, own, scratch, step->room, to); break;
        case 2: attend_to(2, C, queries, prompt, own, scratch, step->room, to); break;
        default: attend_to(MOST, C, queries, prompt, own, scratch, step->room, to);
        }
        g += some;
    }
}

/* qkv: (rows, H + 2K, C), products with the layer's weights. q_weight, k_weight: of the norms, C each, or none.
   y: (rows, H, C). */
void attend_step(const Step *step, int64_t layer, const float *qkv, const float *q_weight, const float *k_weight,
                 float *y) {
#pragma omp parallel for num_threads(step->threads) schedule(static) if (step->threads > 1)
    for (int64_t i = 0; i < step->rows * step->kv_heads; i++) {
        int64_t r = i / step->kv_heads, k = i % step->kv_heads;
        float *scratch = step->scratch + omp_get_thread_num() * MOST * step->room;
        /* Where heads are small, loops of a known length are an eighth faster. */
        if (step->head_dim == 32) attend_head(32, step, layer, qkv, q_weight, k_weight, y, r, k, scratch);
        else attend_head(step->head_dim, step, layer, qkv, q_weight, k_weight, y, r, k, scratch);
    }
}
