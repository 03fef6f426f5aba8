#include "pto/pto-inst.hpp"
using namespace pto;

struct PtoStruct_f32_i8 {
  float f0;
  int8_t f1;
};

struct PtoStruct_S_f32_i8_E_i16 {
  PtoStruct_f32_i8 f0;
  int16_t f1;
};

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

extern "C" __global__ AICORE void stack(__gm__ float* v1, __gm__ int16_t* v2, int64_t v3) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v4 = 0;
  const int64_t v5 = 1;
  const float v6 = 1.5f;
  const int16_t v7 = 7;
  float v8[4][8];
  v8[v5][v3] = v6;
  float v9;
  v9 = v8[v5][v4];
  v8[v4][v4] = v9;
  PtoStruct_S_f32_i8_E_i16 v10;
  v10.f0.f0 = v9;
  v10.f1 = v7;
  float v11;
  v11 = v10.f0.f0;
  int16_t v12;
  v12 = v10.f1;
  (v1)[v4] = v11;
  (v2)[v4] = v12;
  PTOAS__DCCI_SINGLE_CACHE_LINE(v1 + v4);
  PTOAS__DCCI_SINGLE_CACHE_LINE(v2 + v4);
  dsb((mem_dsb_t)0);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

