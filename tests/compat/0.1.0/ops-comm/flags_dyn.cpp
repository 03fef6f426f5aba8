#include "pto/pto-inst.hpp"
using namespace pto;

template <int N>
struct PTOAS_EventIdArray {
  static_assert(N > 0, "an event id array has at least one slot");
  int32_t data[N] = {};
  AICORE inline int32_t &operator[](int32_t i) { return data[i]; }
  AICORE inline const int32_t &operator[](int32_t i) const { return data[i]; }
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

extern "C" __global__ AICORE void flags_dyn(int64_t v1) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v2 = 0;
  const int64_t v3 = 1;
  const int64_t v4 = 2;
  const int64_t v5 = 0;
  const float v6 = 1.0f;
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v7;
  uint64_t v8 = (uint64_t) v5;
  TASSIGN(v7, v8);
  PTOAS_EventIdArray<2> v9;
  v9[v2] = v2;
  v9[v3] = v3;
  event_t v10 = (event_t) v2;
  set_flag(PIPE_V, PIPE_MTE2, v10);
  int64_t v11 = (int64_t) ((uint64_t) v1 % (uint64_t) v4);
  event_t v12 = (event_t) v9[v11];
  wait_flag(PIPE_V, PIPE_MTE2, v12);
  TEXPANDS(v7, v6);
  pipe_barrier(PIPE_ALL);
  #endif // __DAV_VEC__

  return;
}

