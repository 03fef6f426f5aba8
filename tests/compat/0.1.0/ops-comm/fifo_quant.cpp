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

AICORE void cube(__gm__ half* v1, __gm__ half* v2, float v3) {
  using T = float;

  #if defined(__DAV_CUBE__)
  using Pipe0FixpipeConfig = FixpipeParams<LayoutMode_t::NZ2ND, QuantMode_t::DEQF16, ReluPreMode::NormalRelu>;
  using Pipe1FixpipeConfig = FixpipeParams<LayoutMode_t::NZ2ND, QuantMode_t::VDEQF16, ReluPreMode::NoRelu>;
  const int64_t v4 = 0;
  const int32_t v5 = 0;
  const int32_t v6 = 8192;
  const int32_t v7 = 0;
  auto v8 = TPipe<0, Direction::DIR_C2V, 1024, 8, 8, true>(v1, v5, v7);
  const int32_t v9 = 0;
  auto v10 = TPipe<2, Direction::DIR_C2V, 1024, 8, 8, true>(v2, v6, v9);
  Tile<TileType::Acc, int32_t, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null> v11;
  uint64_t v12 = (uint64_t) v4;
  TASSIGN(v11, v12);
  Tile<TileType::Scaling, uint64_t, 1, 32, BLayout::RowMajor, 1, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v13;
  uint64_t v14 = (uint64_t) v4;
  TASSIGN(v13, v14);
  SET_QUANT_SCALAR<half>(v3);
  TPUSH<TPipe<0, Direction::DIR_C2V, 1024, 8, 8, true>, Tile<TileType::Acc, int32_t, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, Pipe0FixpipeConfig>(v8, v11);
  SET_QUANT_VECTOR(v13);
  TPUSH<TPipe<2, Direction::DIR_C2V, 1024, 8, 8, true>, Tile<TileType::Acc, int32_t, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, Pipe1FixpipeConfig>(v10, v11);
  SET_QUANT_SCALAR<half>(v3);
  TPUSH<TPipe<0, Direction::DIR_C2V, 1024, 8, 8, true>, Tile<TileType::Acc, int32_t, 16, 32, BLayout::ColMajor, 16, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, Pipe0FixpipeConfig>(v8, v11);
  #endif // __DAV_CUBE__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

AICORE void vector(__gm__ half* v1, __gm__ half* v2) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int32_t v3 = 0;
  const int32_t v4 = 8192;
  const int32_t v5 = 0;
  auto v6 = TPipe<0, Direction::DIR_C2V, 1024, 8, 8, true>(v1, v3, v5);
  const int32_t v7 = 0;
  auto v8 = TPipe<2, Direction::DIR_C2V, 1024, 8, 8, true>(v2, v4, v7);
  Tile<TileType::Vec, half, 16, 32, BLayout::RowMajor, 16, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v9;
  TPOP<TPipe<0, Direction::DIR_C2V, 1024, 8, 8, true>, Tile<TileType::Vec, half, 16, 32, BLayout::RowMajor, 16, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_NO_SPLIT>(v6, v9);
  Tile<TileType::Vec, half, 16, 32, BLayout::RowMajor, 16, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v10;
  TPOP<TPipe<2, Direction::DIR_C2V, 1024, 8, 8, true>, Tile<TileType::Vec, half, 16, 32, BLayout::RowMajor, 16, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_NO_SPLIT>(v8, v10);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TADD(v10, v9, v10);
  TFREE<TPipe<0, Direction::DIR_C2V, 1024, 8, 8, true>, TileSplitAxis::TILE_NO_SPLIT>(v6);
  TFREE<TPipe<2, Direction::DIR_C2V, 1024, 8, 8, true>, TileSplitAxis::TILE_NO_SPLIT>(v8);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

