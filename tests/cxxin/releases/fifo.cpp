// A fifo from the cube to both vector cores, with the template forms that were printed before the 0.50s.
#include "pto/pto-inst.hpp"
using namespace pto;
AICORE void halves_aic(__gm__ float* v1, __gm__ float* v2, __gm__ float* v3) {
  const int32_t v4 = 0;
  const int64_t v5 = 0;
  using T = float;
  #if defined(__DAV_CUBE__)
  auto v6 = TPipe<0, Direction::DIR_C2V, 4096, 2, 2, false>(v3, v4, v4);
  Tile<TileType::Acc, float, 32, 32, BLayout::ColMajor, 32, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null> v7;
  TASSIGN(v7, v5);
  TPUSH<TPipe<0, Direction::DIR_C2V, 4096, 2, 2, false>, Tile<TileType::Acc, float, 32, 32, BLayout::ColMajor, 32, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_UP_DOWN>(v6, v7);
  #endif // __DAV_CUBE__
  pipe_barrier(PIPE_ALL);
  return;
}
AICORE void halves_aiv(__gm__ float* v1, __gm__ float* v2, __gm__ float* v3, int32_t v4) {
  const int32_t v5 = 0;
  const int64_t v6 = 8192;
  using T = float;
  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  auto v7 = TPipe<0, Direction::DIR_C2V, 4096, 2, 2, false>(v3, v5, v5);
  Tile<TileType::Vec, float, 16, 32, BLayout::RowMajor, 16, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v8;
  TPOP<TPipe<0, Direction::DIR_C2V, 4096, 2, 2, false>, Tile<TileType::Vec, float, 16, 32, BLayout::RowMajor, 16, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_UP_DOWN>(v7, v8);
  Tile<TileType::Vec, float, 16, 32, BLayout::RowMajor, 16, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v9;
  TASSIGN(v9, v6);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TABS(v9, v8);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  TFREE<TPipe<0, Direction::DIR_C2V, 4096, 2, 2, false>, TileSplitAxis::TILE_UP_DOWN>(v7);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  pto::Shape<1, 1, 1, 16, 32> v10 = pto::Shape<1, 1, 1, 16, 32>();
  pto::Stride<512, 512, 512, 32, 1> v11 = pto::Stride<512, 512, 512, 32, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND> v12 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND>(v2 + (int64_t) v4 * 512, v10, v11);
  TSTORE(v12, v9);
  #endif // __DAV_VEC__
  pipe_barrier(PIPE_ALL);
  return;
}
