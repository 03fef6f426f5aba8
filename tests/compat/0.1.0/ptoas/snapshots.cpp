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

static AICORE int32_t twice(int32_t v1) {
  using T = float;
  // pto: %r
  return (int32_t) ((uint32_t) v1 + (uint32_t) v1);
}

AICORE void count(__gm__ int32_t* v1, int64_t v2, bool v3, int32_t v4, int32_t v5) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v6 = 0;
  const int32_t v7 = 1;
  // pto: %arr
  int32_t v8[4];
  v8[v6] = v7;
  // pto: %old
  int32_t v9;
  v9 = v8[v2];
  // pto: %new
  uint32_t v10 = (uint32_t) v9;
  v8[v2] = (int32_t) (v10 + (uint32_t) v7);
  // pto: %pair#0
  int32_t v11 = v3 ? v4 : v5;
  // pto: %pair#1
  int32_t v12 = v3 ? v5 : v4;
  // pto: %s0, %s1, %s, %square, %sum
  uint32_t v13 = (uint32_t) v9;
  int32_t v14 = (int32_t) ((uint32_t) twice(v11) + (uint32_t) twice(v12) + v13 * v13);
  (v1)[v6] = v14;
  pipe_barrier(PIPE_ALL);
  dcci((__gm__ void*)0, cache_line_t::ENTIRE_DATA_CACHE);
  dsb((mem_dsb_t)0);
  #endif // __DAV_VEC__

  return;
}

