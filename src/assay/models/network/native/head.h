/* Queries and keys of a head, for step.c and attention.c. */

#include "vector.h"

/* y (C) = x over its root mean square, times weight (where there is one), turned, times scale. */
ALWAYS void turn(int64_t C, const float *x, const float *weight, const float *cos, const float *sin, float eps,
                 float scale, float *y) {
    float normed[C];
    memcpy(normed, x, sizeof normed);
    if (weight) {
        float inverse = inverse_root(C, x, eps);
        for (int64_t c = 0; c < C; c++) normed[c] *= inverse * weight[c];
    }
    for (int64_t c = 0, half = C / 2; c < half; c++) {
        float a = normed[c], b = normed[c + half];
        y[c] = (a * cos[c] + b * sin[c]) * scale;
        y[c + half] = (b * cos[c + half] + a * sin[c + half]) * scale;
    }
}
