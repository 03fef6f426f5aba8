#include "pto/pto-inst.hpp"
using namespace pto;

AICORE void k(__gm__ float* a, int64_t n) {
  for (int64_t i = 0; i < n; i += 9223372036854775807) {
    if (i - 9223372036854775807 + 4611686018427387904 > 5 - n) {
      wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
    }
    if (i + 9223372036854775807 + 4611686018427387904 + 9223372036854775807 < n) {
      set_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
    }
    if (i / 4611686018427387904 % 4 == 1) {
      wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
    }
    if (i % 7 == 1) {
      set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
    }
    if (i / 4611686018427387904 % 3 == 1) {
      wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    }
  }
  for (int64_t j = 0; j < 16; j += 1) {
    if (j % 4 == 1) {
      wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    }
    if (j / 9223372036854775807 % 3 == 1) {
      set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    }
  }
}
