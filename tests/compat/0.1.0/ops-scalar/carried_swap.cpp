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

AICORE int32_t swap(int64_t v1, int32_t v2, int32_t v3) {
  using T = float;
  const int64_t v4 = 0;
  const int64_t v5 = 1;
  int32_t v6 = v2;
  int32_t v7 = v3;
  for (int64_t v8 = v4; v8 < v1; v8 += v5) {
    int32_t v9 = v6;
    v6 = v7;
    v7 = v9;
  }
  return (int32_t) ((uint32_t) v6 - (uint32_t) v7);
}

AICORE int32_t swap_blocks(bool v1, int32_t v2, int32_t v3) {
  using T = float;
  int32_t v4;
  int32_t v5;
  {
    v4 = v2;
    v5 = v3;
    goto label2;
  }
label2: {
    if (v1) {
      int32_t v6 = v4;
      v4 = v5;
      v5 = v6;
      goto label2;
    } else {
      goto label3;
    }
  }
label3:
  return (int32_t) ((uint32_t) v4 - (uint32_t) v5);
}

