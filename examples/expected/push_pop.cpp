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

AICORE void push_products(__gm__ float* v1, __gm__ half* v2, __gm__ half* v3, int64_t v4) {
  using T = float;

  #if defined(__DAV_CUBE__)
  const int64_t v5 = 0;
  const int64_t v6 = 1;
  const int64_t v7 = 32;
  const int64_t v8 = 0;
  const int64_t v9 = 4096;
  const int32_t v10 = 8192;
  const int32_t v11 = 0;
  auto v12 = TPipe<0, Direction::DIR_C2V, 4096, 8, 2, false>(v1, v10, v11);
  Tile<TileType::Mat, half, 32, 64, BLayout::ColMajor, 32, 64, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v13;
  uint64_t v14 = (uint64_t) v8;
  TASSIGN(v13, v14);
  Tile<TileType::Mat, half, 64, 32, BLayout::ColMajor, 64, 32, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v15;
  uint64_t v16 = (uint64_t) v9;
  TASSIGN(v15, v16);
  Tile<TileType::Left, half, 32, 64, BLayout::RowMajor, 32, 64, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v17;
  uint64_t v18 = (uint64_t) v8;
  TASSIGN(v17, v18);
  Tile<TileType::Right, half, 64, 32, BLayout::RowMajor, 64, 32, SLayout::ColMajor, 512, PadValue::Null, CompactMode::Null> v19;
  uint64_t v20 = (uint64_t) v8;
  TASSIGN(v19, v20);
  Tile<TileType::Acc, float, 32, 32, BLayout::ColMajor, 32, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null> v21;
  uint64_t v22 = (uint64_t) v8;
  TASSIGN(v21, v22);
  pto::Shape<1, 1, 1, 64, 32> v23 = pto::Shape<1, 1, 1, 64, 32>();
  pto::Stride<2048, 2048, 2048, 32, 1> v24 = pto::Stride<2048, 2048, 2048, 32, 1>();
  GlobalTensor<half, pto::Shape<1, 1, 1, 64, 32>, pto::Stride<2048, 2048, 2048, 32, 1>, pto::Layout::ND> v25 = GlobalTensor<half, pto::Shape<1, 1, 1, 64, 32>, pto::Stride<2048, 2048, 2048, 32, 1>, pto::Layout::ND>((__gm__ half*) v3, v23, v24);
  TLOAD(v15, v25);
  set_flag(PIPE_MTE2, PIPE_MTE1, EVENT_ID0);
  set_flag(PIPE_MTE1, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_MTE1, EVENT_ID0);
  TMOV(v19, v15);
  set_flag(PIPE_M, PIPE_MTE1, EVENT_ID0);
  set_flag(PIPE_FIX, PIPE_M, EVENT_ID0);
  for (int64_t v26 = v5; v26 < v4; v26 += v6) {
    pto::Shape<1, 1, 1, 32, 64> v27 = pto::Shape<1, 1, 1, 32, 64>();
    pto::Stride<2048, 2048, 2048, 64, 1> v28 = pto::Stride<2048, 2048, 2048, 64, 1>();
    GlobalTensor<half, pto::Shape<1, 1, 1, 32, 64>, pto::Stride<2048, 2048, 2048, 64, 1>, pto::Layout::ND> v29 = GlobalTensor<half, pto::Shape<1, 1, 1, 32, 64>, pto::Stride<2048, 2048, 2048, 64, 1>, pto::Layout::ND>((__gm__ half*) v2 + ((int64_t) ((uint64_t) v26 * (uint64_t) v7) * 64), v27, v28);
    wait_flag(PIPE_MTE1, PIPE_MTE2, EVENT_ID0);
    TLOAD(v13, v29);
    set_flag(PIPE_MTE2, PIPE_MTE1, EVENT_ID1);
    wait_flag(PIPE_M, PIPE_MTE1, EVENT_ID0);
    wait_flag(PIPE_MTE2, PIPE_MTE1, EVENT_ID1);
    TMOV(v17, v13);
    set_flag(PIPE_MTE1, PIPE_MTE2, EVENT_ID0);
    set_flag(PIPE_MTE1, PIPE_M, EVENT_ID0);
    wait_flag(PIPE_FIX, PIPE_M, EVENT_ID0);
    wait_flag(PIPE_MTE1, PIPE_M, EVENT_ID0);
    TMATMUL(v21, v17, v19);
    set_flag(PIPE_M, PIPE_MTE1, EVENT_ID0);
    set_flag(PIPE_M, PIPE_FIX, EVENT_ID0);
    wait_flag(PIPE_M, PIPE_FIX, EVENT_ID0);
    TPUSH<TPipe<0, Direction::DIR_C2V, 4096, 8, 2, false>, Tile<TileType::Acc, float, 32, 32, BLayout::ColMajor, 32, 32, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_UP_DOWN>(v12, v21);
    set_flag(PIPE_FIX, PIPE_M, EVENT_ID0);
  }
  wait_flag(PIPE_MTE1, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_M, PIPE_MTE1, EVENT_ID0);
  wait_flag(PIPE_FIX, PIPE_M, EVENT_ID0);
  #endif // __DAV_CUBE__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

AICORE void push_pop(__gm__ float* v1, __gm__ float* v2, __gm__ float* v3, int64_t v4) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v5 = 0;
  const int64_t v6 = 1;
  const int64_t v7 = 16;
  const int64_t v8 = 32;
  const int64_t v9 = 0;
  const int64_t v10 = 4096;
  const int32_t v11 = 8192;
  const int32_t v12 = 0;
  auto v13 = TPipe<0, Direction::DIR_C2V, 4096, 8, 2, false>(v1, v11, v12);
  Tile<TileType::Vec, float, 16, 32, BLayout::RowMajor, 16, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v14;
  uint64_t v15 = (uint64_t) v9;
  TASSIGN(v14, v15);
  Tile<TileType::Vec, float, 16, 32, BLayout::RowMajor, 16, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v16;
  uint64_t v17 = (uint64_t) v10;
  TASSIGN(v16, v17);
  int64_t v18 = get_subblockid();
  int64_t v19 = (int64_t) ((uint64_t) v18 * (uint64_t) v7);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  for (int64_t v20 = v5; v20 < v4; v20 += v6) {
    int64_t v21 = (int64_t) ((uint64_t) v20 * (uint64_t) v8 + (uint64_t) v19);
    pto::Shape<1, 1, 1, 16, 32> v22 = pto::Shape<1, 1, 1, 16, 32>();
    pto::Stride<512, 512, 512, 32, 1> v23 = pto::Stride<512, 512, 512, 32, 1>();
    GlobalTensor<float, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND> v24 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND>((__gm__ float*) v2 + (v21 * 32), v22, v23);
    pto::Shape<1, 1, 1, 16, 32> v25 = pto::Shape<1, 1, 1, 16, 32>();
    pto::Stride<512, 512, 512, 32, 1> v26 = pto::Stride<512, 512, 512, 32, 1>();
    GlobalTensor<float, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND> v27 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 32>, pto::Stride<512, 512, 512, 32, 1>, pto::Layout::ND>((__gm__ float*) v3 + (v21 * 32), v25, v26);
    wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
    TLOAD(v14, v24);
    Tile<TileType::Vec, float, 16, 32, BLayout::RowMajor, 16, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v28;
    TPOP<TPipe<0, Direction::DIR_C2V, 4096, 8, 2, false>, Tile<TileType::Vec, float, 16, 32, BLayout::RowMajor, 16, 32, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_UP_DOWN>(v13, v28);
    set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
    wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    TADD(v16, v28, v14);
    set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
    set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    TFREE<TPipe<0, Direction::DIR_C2V, 4096, 8, 2, false>, TileSplitAxis::TILE_UP_DOWN>(v13);
    wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    TSTORE(v27, v16);
    set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  }
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

