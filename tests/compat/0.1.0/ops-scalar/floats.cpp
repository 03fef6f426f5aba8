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

AICORE float sum(float v1, float v2) {
  using T = float;
  return -((v1 + v2) / v2);
}

AICORE float functions(float v1, int32_t v2) {
  using T = float;
  return __builtin_expf(__builtin_sqrtf(__builtin_fabsf(v1))) * (float) (v2 < 0 ? (int32_t) (0 - (uint32_t) v2) : v2);
}

AICORE half half_sum(half v1, half v2) {
  using T = float;
  return (half) ((float) v1 + (float) v2);
}

