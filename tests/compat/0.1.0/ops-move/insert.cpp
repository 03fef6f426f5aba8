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

extern "C" __global__ AICORE void insert(__gm__ float* v1, int64_t v2) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v3 = 0;
  const int64_t v4 = 16;
  const int64_t v5 = 32;
  const int64_t v6 = 0;
  const int64_t v7 = 8192;
  const int64_t v8 = 10240;
  const float v9 = 1.0f;
  Tile<TileType::Vec, float, 32, 64, BLayout::RowMajor, 32, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v10;
  uint64_t v11 = (uint64_t) v6;
  TASSIGN(v10, v11);
  Tile<TileType::Vec, float, 16, 32, BLayout::RowMajor, 16, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v12;
  uint64_t v13 = (uint64_t) v7;
  TASSIGN(v12, v13);
  Tile<TileType::Vec, float, 1, 8, BLayout::RowMajor, 1, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v14;
  uint64_t v15 = (uint64_t) v8;
  TASSIGN(v14, v15);
  TEXPANDS(v10, v9);
  TEXPANDS(v12, v9);
  pipe_barrier(PIPE_V);
  TEXPANDS(v14, v9);
  TINSERT(v10, v12, 16, 32);
  pipe_barrier(PIPE_V);
  TINSERT(v10, v12, (uint16_t) v2, 0);
  pipe_barrier(PIPE_V);
  TINSERT(v10, v14, 0, 0);
  TEXTRACT(v12, v10, v4, v5);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

