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

extern "C" __global__ AICORE void vectors() {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v1 = 0;
  const float v2 = 1.0f;
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v3;
  uint64_t v4 = (uint64_t) v1;
  TASSIGN(v3, v4);
  TEXPANDS(v3, v2);
  pipe_barrier(PIPE_V);
  TABS(v3, v3);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

extern "C" __global__ AICORE void cubes(bool v1) {
  using T = float;

  #if defined(__DAV_CUBE__)
  const int64_t v2 = 0;
  Tile<TileType::Mat, half, 16, 16, BLayout::ColMajor, 16, 16, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v3;
  uint64_t v4 = (uint64_t) v2;
  TASSIGN(v3, v4);
  Tile<TileType::Left, half, 16, 16, BLayout::RowMajor, 16, 16, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v5;
  uint64_t v6 = (uint64_t) v2;
  TASSIGN(v5, v6);
  if (v1) {
    TMOV(v5, v3);
  }
  #endif // __DAV_CUBE__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

extern "C" __global__ AICORE void runs(int64_t v1) {
  using T = float;
  const int64_t v2 = 0;
  const int64_t v3 = 1;
  const int64_t v4 = 0;
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v5;
  uint64_t v6 = (uint64_t) v4;
  TASSIGN(v5, v6);
  Tile<TileType::Left, half, 16, 16, BLayout::RowMajor, 16, 16, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v7;
  uint64_t v8 = (uint64_t) v4;
  TASSIGN(v7, v8);
  Tile<TileType::Right, half, 16, 16, BLayout::RowMajor, 16, 16, SLayout::ColMajor, 512, PadValue::Null, CompactMode::Null> v9;
  uint64_t v10 = (uint64_t) v4;
  TASSIGN(v9, v10);
  Tile<TileType::Acc, float, 16, 16, BLayout::ColMajor, 16, 16, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null> v11;
  uint64_t v12 = (uint64_t) v4;
  TASSIGN(v11, v12);

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  for (int64_t v13 = v2; v13 < v1; v13 += v3) {
    pipe_barrier(PIPE_V);
    TABS(v5, v5);
    pipe_barrier(PIPE_V);
    TNEG(v5, v5);
  }
  #endif // __DAV_VEC__


  #if defined(__DAV_CUBE__)
  TMATMUL(v11, v7, v9);
  #endif // __DAV_CUBE__

  #if defined(__DAV_VEC__)
  pipe_barrier(PIPE_V);
  #endif // __DAV_VEC__


  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  TABS(v5, v5);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

