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

extern "C" AICORE int32_t v3(int32_t);

static AICORE int32_t v1(int32_t v2) {
  using T = float;
  return (int32_t) ((uint32_t) v2 + (uint32_t) v2);
}

extern "C" __global__ AICORE void entry(int32_t v2, __gm__ int32_t* v4) {
  using T = float;
  const int64_t v5 = 0;
  int32_t v6 = v1(v2);
  int32_t v7 = v3(v6);
  pipe_barrier(PIPE_ALL);
  // ptoc: fence: everything before is complete and visible; dcci writes dirty lines of the scalar cache back
  dcci((__gm__ void*)0, cache_line_t::ENTIRE_DATA_CACHE);
  dsb(DSB_DDR);
  (v4)[v5] = v7;
  PTOAS__DCCI_SINGLE_CACHE_LINE(v4 + v5);
  dsb((mem_dsb_t)0);
  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

