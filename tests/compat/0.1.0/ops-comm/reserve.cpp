#include "pto/pto-inst.hpp"
using namespace pto;

template <typename Tensor>
static AICORE inline auto PTOAS__GLOBAL_TENSOR_DATA(Tensor &tensor) -> decltype(tensor.data()) {
  return tensor.data();
}

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

AICORE void vector(__gm__ float* v1) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int32_t v2 = 8192;
  const int64_t v3 = 0;
  const int64_t v4 = 4096;
  const int32_t v5 = 0;
  auto v6 = TPipe<0, Direction::DIR_C2V, 4096, 8, 8, true>(v1, v2, v5);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v7;
  uint64_t v8 = (uint64_t) v3;
  TASSIGN(v7, v8);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v9;
  uint64_t v10 = (uint64_t) v4;
  TASSIGN(v9, v10);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v11;
  TPOP<TPipe<0, Direction::DIR_C2V, 4096, 8, 8, true>, Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_NO_SPLIT>(v6, v11);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TABS(v7, v11);
  TNEG(v9, v11);
  pipe_barrier(PIPE_V);
  TADD(v9, v7, v9);
  TFREE<TPipe<0, Direction::DIR_C2V, 4096, 8, 8, true>, TileSplitAxis::TILE_NO_SPLIT>(v6);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

AICORE void cube(__gm__ float* v1) {
  using T = float;

  #if defined(__DAV_CUBE__)
  const int32_t v2 = 8192;
  const int64_t v3 = 0;
  const int32_t v4 = 0;
  auto v5 = TPipe<0, Direction::DIR_C2V, 4096, 8, 8, true>(v1, v2, v4);
  Tile<TileType::Acc, float, 16, 64, BLayout::ColMajor, 16, 64, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null> v6;
  uint64_t v7 = (uint64_t) v3;
  TASSIGN(v6, v7);
  TPUSH<TPipe<0, Direction::DIR_C2V, 4096, 8, 8, true>, Tile<TileType::Acc, float, 16, 64, BLayout::ColMajor, 16, 64, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_NO_SPLIT>(v5, v6);
  #endif // __DAV_CUBE__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

