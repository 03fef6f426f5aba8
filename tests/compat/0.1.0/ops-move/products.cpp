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

extern "C" __global__ AICORE void products(__gm__ float* v1) {
  using T = float;

  #if defined(__DAV_CUBE__)
  const int64_t v2 = 0;
  const int64_t v3 = 4096;
  Tile<TileType::Left, half, 16, 64, BLayout::RowMajor, 16, 64, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v4;
  uint64_t v5 = (uint64_t) v2;
  TASSIGN(v4, v5);
  Tile<TileType::Left, half, 16, 64, BLayout::RowMajor, 1, 64, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v6;
  uint64_t v7 = (uint64_t) v3;
  TASSIGN(v6, v7);
  Tile<TileType::Right, half, 64, 32, BLayout::RowMajor, 64, 32, SLayout::ColMajor, 512, PadValue::Null, CompactMode::Null> v8;
  uint64_t v9 = (uint64_t) v2;
  TASSIGN(v8, v9);
  Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null> v10;
  uint64_t v11 = (uint64_t) v2;
  TASSIGN(v10, v11);
  Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 1, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null> v12;
  uint64_t v13 = (uint64_t) v3;
  TASSIGN(v12, v13);
  Tile<TileType::Mat, float, 1, 32, BLayout::RowMajor, 1, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v14;
  uint64_t v15 = (uint64_t) v2;
  TASSIGN(v14, v15);
  Tile<TileType::Bias, float, 1, 32, BLayout::RowMajor, 1, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v16;
  uint64_t v17 = (uint64_t) v2;
  TASSIGN(v16, v17);
  TMOV(v16, v14);
  set_flag(PIPE_MTE1, PIPE_M, EVENT_ID0);
  wait_flag(PIPE_MTE1, PIPE_M, EVENT_ID0);
  TMATMUL_BIAS(v10, v4, v8, v16);
  pipe_barrier(PIPE_M);
  TMATMUL_BIAS<pto::AccPhase::Partial>(v10, v4, v8, v16);
  TGEMV(v12, v6, v8);
  pipe_barrier(PIPE_M);
  TGEMV_ACC(v12, v12, v6, v8);
  pipe_barrier(PIPE_M);
  TGEMV_BIAS<pto::AccPhase::Final>(v12, v6, v8, v16);
  #endif // __DAV_CUBE__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

