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

extern "C" __global__ AICORE void pointers(__gm__ float* v1, __gm__ int64_t* v2, int64_t v3) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v4 = 0;
  const int64_t v5 = 1;
  const int64_t v6 = 4;
  const int64_t v7 = 8;
  int64_t v8 = reinterpret_cast<int64_t>(v1 + v6);
  int64_t v9 = (int64_t) ((uint64_t) v8 + (uint64_t) v7);
  __gm__ int32_t* v10 = reinterpret_cast<__gm__ int32_t*>(v8);
  __gm__ int32_t* v11 = reinterpret_cast<__gm__ int32_t*>(v9);
  int32_t v12 = (v10)[v4];
  (v11)[v5] = v12;
  __gm__ int32_t* v13 = reinterpret_cast<__gm__ int32_t*>(v1);
  (v13)[v5] = v12;
  __gm__ float* v14 = reinterpret_cast<__gm__ float*>(v3);
  float v15 = (v14)[v4];
  (v1)[v6] = v15;
  int64_t v16 = reinterpret_cast<int64_t>(v14);
  (v2)[v4] = v16;
  (v2)[v5] = v9;
  PTOAS__DCCI_SINGLE_CACHE_LINE(v11 + v5);
  PTOAS__DCCI_SINGLE_CACHE_LINE(v1 + v6);
  PTOAS__DCCI_SINGLE_CACHE_LINE(v2 + v5);
  dsb((mem_dsb_t)0);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

