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
  const int64_t v3 = 1;
  const int64_t v4 = 16;
  const int64_t v5 = 0;
  pto::Shape<1, 1, 1, 16, 16> v6 = pto::Shape<1, 1, 1, 16, 16>(1, 1, 1, 16, 16);
  pto::Stride<-1, -1, -1, -1, -1> v7 = pto::Stride<-1, -1, -1, -1, -1>(256, 256, 256, 16, 1);
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v8 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>(v1, v6, v7);
  pto::Shape<1, 1, 1, 16, 16> v9 = pto::Shape<1, 1, 1, 16, 16>(1, 1, 1, 16, 16);
  pto::Stride<-1, -1, -1, -1, -1> v10 = pto::Stride<-1, -1, -1, -1, -1>(256, 256, 256, 16, 1);
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v11 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>(v2, v9, v10);
  __gm__ float* v12 = PTOAS__GLOBAL_TENSOR_DATA(v8);
  const int32_t v13 = 0;
  auto v14 = TPipe<0, Direction::DIR_C2V, 1024, 8, 8, true>(v12, v13, v13);
  __gm__ float* v15 = PTOAS__GLOBAL_TENSOR_DATA(v11);
  const int32_t v16 = 0;
  auto v17 = TPipe<2, Direction::DIR_V2C, 1024, 8, 8, true>(v15, v16, v16);
  Tile<TileType::Acc, float, 16, 16, BLayout::ColMajor, 16, 16, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null> v18;
  uint64_t v19 = (uint64_t) v5;
  TASSIGN(v18, v19);
  Tile<TileType::Mat, float, 16, 16, BLayout::ColMajor, 16, 16, SLayout::RowMajor, 512, PadValue::Null, CompactMode::Null> v20;
  uint64_t v21 = (uint64_t) v5;
  TASSIGN(v20, v21);
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND> v22(nullptr);
  TALLOC<TPipe<0, Direction::DIR_C2V, 1024, 8, 8, true>, GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND>, TileSplitAxis::TILE_NO_SPLIT>(v14, v22);
  pto::Shape<1, 1, 1, 16, 16> v23 = pto::Shape<1, 1, 1, 16, 16>();
  pto::Stride<256, 256, 256, 16, 1> v24 = pto::Stride<256, 256, 256, 16, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND> v25 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND>(PTOAS__GLOBAL_TENSOR_DATA(v22), v23, v24);
  TSTORE(v25, v18);
  pipe_barrier(PIPE_FIX);
  TPUSH<TPipe<0, Direction::DIR_C2V, 1024, 8, 8, true>, GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND>, TileSplitAxis::TILE_NO_SPLIT>(v14, v22);
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND> v26(nullptr);
  TPOP<TPipe<2, Direction::DIR_V2C, 1024, 8, 8, true>, GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND>, TileSplitAxis::TILE_NO_SPLIT>(v17, v26);
  pto::Shape<1, 1, 1, 16, 16> v27 = pto::Shape<1, 1, 1, 16, 16>();
  pto::Stride<256, 256, 256, 16, 1> v28 = pto::Stride<256, 256, 256, 16, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND> v29 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND>(PTOAS__GLOBAL_TENSOR_DATA(v26), v27, v28);
  TLOAD(v20, v29);
  TFREE<TPipe<2, Direction::DIR_V2C, 1024, 8, 8, true>, GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND>, TileSplitAxis::TILE_NO_SPLIT>(v17, v26);
  #endif // __DAV_CUBE__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

AICORE void vector(__gm__ float* v1, __gm__ float* v2, int64_t v3) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v4 = 0;
  const int64_t v5 = 1;
  const int64_t v6 = 16;
  const int64_t v7 = 0;
  pto::Shape<1, 1, 1, 16, 16> v8 = pto::Shape<1, 1, 1, 16, 16>(1, 1, 1, 16, 16);
  pto::Stride<-1, -1, -1, -1, -1> v9 = pto::Stride<-1, -1, -1, -1, -1>(256, 256, 256, 16, 1);
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v10 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>(v1, v8, v9);
  pto::Shape<1, 1, 1, 16, 16> v11 = pto::Shape<1, 1, 1, 16, 16>(1, 1, 1, 16, 16);
  pto::Stride<-1, -1, -1, -1, -1> v12 = pto::Stride<-1, -1, -1, -1, -1>(256, 256, 256, 16, 1);
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v13 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>(v2, v11, v12);
  __gm__ float* v14 = PTOAS__GLOBAL_TENSOR_DATA(v10);
  const int32_t v15 = 0;
  auto v16 = TPipe<0, Direction::DIR_C2V, 1024, 8, 8, true>(v14, v15, v15);
  __gm__ float* v17 = PTOAS__GLOBAL_TENSOR_DATA(v13);
  const int32_t v18 = 0;
  auto v19 = TPipe<2, Direction::DIR_V2C, 1024, 8, 8, true>(v17, v18, v18);
  Tile<TileType::Vec, float, 16, 16, BLayout::RowMajor, 16, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v20;
  uint64_t v21 = (uint64_t) v7;
  TASSIGN(v20, v21);
  set_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
  for (int64_t v22 = v4; v22 < v3; v22 += v5) {
    GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND> v23(nullptr);
    TPOP<TPipe<0, Direction::DIR_C2V, 1024, 8, 8, true>, GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND>, TileSplitAxis::TILE_NO_SPLIT>(v16, v23);
    pto::Shape<1, 1, 1, 16, 16> v24 = pto::Shape<1, 1, 1, 16, 16>();
    pto::Stride<256, 256, 256, 16, 1> v25 = pto::Stride<256, 256, 256, 16, 1>();
    GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND> v26 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND>(PTOAS__GLOBAL_TENSOR_DATA(v23), v24, v25);
    wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
    TLOAD(v20, v26);
    set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    TFREE<TPipe<0, Direction::DIR_C2V, 1024, 8, 8, true>, GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND>, TileSplitAxis::TILE_NO_SPLIT>(v16, v23);
    wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    TABS(v20, v20);
    set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND> v27(nullptr);
    TALLOC<TPipe<2, Direction::DIR_V2C, 1024, 8, 8, true>, GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND>, TileSplitAxis::TILE_NO_SPLIT>(v19, v27);
    pto::Shape<1, 1, 1, 16, 16> v28 = pto::Shape<1, 1, 1, 16, 16>();
    pto::Stride<256, 256, 256, 16, 1> v29 = pto::Stride<256, 256, 256, 16, 1>();
    GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND> v30 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND>(PTOAS__GLOBAL_TENSOR_DATA(v27), v28, v29);
    wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    TSTORE(v30, v20);
    set_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
    TPUSH<TPipe<2, Direction::DIR_V2C, 1024, 8, 8, true>, GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<256, 256, 256, 16, 1>, pto::Layout::ND>, TileSplitAxis::TILE_NO_SPLIT>(v19, v27);
  }
  wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

