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

AICORE void cube(__gm__ float* v1, __gm__ float* v2) {
  using T = float;

  #if defined(__DAV_CUBE__)
  const int64_t v3 = 0;
  const int32_t v4 = 0;
  const int32_t v5 = 8192;
  const int32_t v6 = 0;
  auto v7 = TPipe<0, Direction::DIR_C2V, 2048, 8, 8, false>(v1, v4, v6);
  const int32_t v8 = 0;
  auto v9 = TPipe<2, Direction::DIR_C2V, 2048, 4, 4, false>(v2, v5, v8);
  Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null> v10;
  uint64_t v11 = (uint64_t) v3;
  TASSIGN(v10, v11);
  TPUSH<TPipe<0, Direction::DIR_C2V, 2048, 8, 8, false>, Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_UP_DOWN>(v7, v10);
  TPUSH<TPipe<2, Direction::DIR_C2V, 2048, 4, 4, false>, Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_LEFT_RIGHT>(v9, v10);
  TPUSH<TPipe<2, Direction::DIR_C2V, 2048, 4, 4, false>, Tile<TileType::Acc, float, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_LEFT_RIGHT>(v9, v10);
  #endif // __DAV_CUBE__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

AICORE void vector(__gm__ float* v1, __gm__ float* v2, int64_t v3, int64_t v4) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int32_t v5 = 0;
  const int32_t v6 = 8192;
  const int32_t v7 = 0;
  auto v8 = TPipe<0, Direction::DIR_C2V, 2048, 8, 8, false>(v1, v5, v7);
  const int32_t v9 = 0;
  auto v10 = TPipe<2, Direction::DIR_C2V, 2048, 4, 4, false>(v2, v6, v9);
  int64_t v11 = get_subblockid();
  Tile<TileType::Vec, float, 8, 32, BLayout::RowMajor, 8, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v12;
  int32_t v13 = (int32_t) v11;
  TPOP<TPipe<0, Direction::DIR_C2V, 2048, 8, 8, false>, Tile<TileType::Vec, float, 8, 32, BLayout::RowMajor, 8, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_UP_DOWN>(v8, v12, v13);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TABS(v12, v12);
  TFREE<TPipe<0, Direction::DIR_C2V, 2048, 8, 8, false>, TileSplitAxis::TILE_UP_DOWN>(v8);
  Tile<TileType::Vec, float, 16, 16, BLayout::RowMajor, 16, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v14;
  TPOP<TPipe<2, Direction::DIR_C2V, 2048, 4, 4, false>, Tile<TileType::Vec, float, 16, 16, BLayout::RowMajor, 16, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_LEFT_RIGHT>(v10, v14);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  TABS(v14, v14);
  TFREE<TPipe<2, Direction::DIR_C2V, 2048, 4, 4, false>, TileSplitAxis::TILE_LEFT_RIGHT>(v10);
  Tile<TileType::Vec, float, 16, 16, BLayout::RowMajor, -1, -1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v15 = Tile<TileType::Vec, float, 16, 16, BLayout::RowMajor, -1, -1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(16, 16);
  v15.SetValidShape(v3, v4);
  TPOP<TPipe<2, Direction::DIR_C2V, 2048, 4, 4, false>, Tile<TileType::Vec, float, 16, 16, BLayout::RowMajor, -1, -1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_LEFT_RIGHT>(v10, v15);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID2);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID2);
  TABS(v15, v15);
  TFREE<TPipe<2, Direction::DIR_C2V, 2048, 4, 4, false>, TileSplitAxis::TILE_LEFT_RIGHT>(v10);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

