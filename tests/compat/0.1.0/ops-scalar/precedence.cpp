#include "pto/pto-inst.hpp"
using namespace pto;

enum class PTOAutoSyncTailMode : int {
  kBarrierAll = 0,
  kSetWaitMte3ToSEvent0 = 1,
};

static AICORE inline void ptoas_auto_sync_tail(PTOAutoSyncTailMode mode = PTOAutoSyncTailMode::kBarrierAll) {
  if (mode == PTOAutoSyncTailMode::kSetWaitMte3ToSEvent0) {
    set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
    wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  } else {
    pipe_barrier(PIPE_ALL);
  }
}

template <typename Ptr>
static AICORE inline void PTOAS__DCCI_SINGLE_CACHE_LINE(Ptr ptr) {
  dcci((__gm__ void*)ptr, cache_line_t::SINGLE_CACHE_LINE);
}

AICORE int32_t product_of_difference(int32_t v1, int32_t v2, int32_t v3, int32_t v4) {
  using T = float;
  return (int32_t) ((uint32_t) v3 * (((uint32_t) v1 - (uint32_t) v2) * (uint32_t) v4));
}

AICORE int32_t round_up(int32_t v1, int32_t v2) {
  using T = float;
  return (int32_t) ((uint32_t) v1 / (uint32_t) v2 + ((uint32_t) v1 % (uint32_t) v2 != 0));
}

AICORE int32_t narrow_shift(int8_t v1, int8_t v2) {
  using T = float;
  return (int32_t) (int8_t) ((uint8_t) v1 >> (uint8_t) v2);
}

AICORE int64_t truncated(int64_t v1) {
  using T = float;
  return (int64_t) (int32_t) v1;
}

