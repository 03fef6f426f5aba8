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
  const int32_t v6 = 8192;
  const int32_t v7 = 0;
  auto v8 = TPipe<0, Direction::DIR_C2V, 1024, 8, 4, true>(v1, v6, v7);
  pto::Shape<1, 1, 1, 16, 16> v9 = pto::Shape<1, 1, 1, 16, 16>(1, 1, 1, 16, 16);
  pto::Stride<-1, -1, -1, -1, -1> v10 = pto::Stride<-1, -1, -1, -1, -1>(256, 256, 256, 16, 1);
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v11 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>(v2, v9, v10);
  __gm__ float* v12 = PTOAS__GLOBAL_TENSOR_DATA(v11);
  const int32_t v13 = 0;
  auto v14 = TPipe<2, Direction::DIR_C2V, 1024, 8, 8, true>(v12, v13, v13);
  Tile<TileType::Acc, float, 16, 16, BLayout::ColMajor, 16, 16, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null> v15;
  uint64_t v16 = (uint64_t) v5;
  TASSIGN(v15, v16);
  TPUSH<TPipe<0, Direction::DIR_C2V, 1024, 8, 4, true>, Tile<TileType::Acc, float, 16, 16, BLayout::ColMajor, 16, 16, SLayout::RowMajor, 1024, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_NO_SPLIT>(v8, v15);
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v17(nullptr);
  TALLOC<TPipe<2, Direction::DIR_C2V, 1024, 8, 8, true>, GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>, TileSplitAxis::TILE_NO_SPLIT>(v14, v17);
  pto::Shape<1, 1, 1, 16, 16> v18 = pto::Shape<1, 1, 1, 16, 16>(1, 1, 1, 16, 16);
  pto::Stride<-1, -1, -1, -1, -1> v19 = pto::Stride<-1, -1, -1, -1, -1>(16 * v17.GetStride(static_cast<int>(3)), 16 * v17.GetStride(static_cast<int>(3)), 16 * v17.GetStride(static_cast<int>(3)), v17.GetStride(static_cast<int>(3)), v17.GetStride(static_cast<int>(4)));
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v20 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>(PTOAS__GLOBAL_TENSOR_DATA(v17), v18, v19);
  TSTORE(v20, v15);
  pipe_barrier(PIPE_FIX);
  TPUSH<TPipe<2, Direction::DIR_C2V, 1024, 8, 8, true>, GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>, TileSplitAxis::TILE_NO_SPLIT>(v14, v17);
  #endif // __DAV_CUBE__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

AICORE void vector(__gm__ float* v1, __gm__ float* v2) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v3 = 1;
  const int64_t v4 = 16;
  const int64_t v5 = 0;
  const int32_t v6 = 8192;
  const int32_t v7 = 0;
  auto v8 = TPipe<0, Direction::DIR_C2V, 1024, 8, 4, true>(v1, v6, v7);
  pto::Shape<1, 1, 1, 16, 16> v9 = pto::Shape<1, 1, 1, 16, 16>(1, 1, 1, 16, 16);
  pto::Stride<-1, -1, -1, -1, -1> v10 = pto::Stride<-1, -1, -1, -1, -1>(256, 256, 256, 16, 1);
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v11 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>(v2, v9, v10);
  __gm__ float* v12 = PTOAS__GLOBAL_TENSOR_DATA(v11);
  const int32_t v13 = 0;
  auto v14 = TPipe<2, Direction::DIR_C2V, 1024, 8, 8, true>(v12, v13, v13);
  Tile<TileType::Vec, float, 16, 16, BLayout::RowMajor, 16, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v15;
  uint64_t v16 = (uint64_t) v5;
  TASSIGN(v15, v16);
  Tile<TileType::Vec, float, 16, 16, BLayout::RowMajor, 16, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v17;
  TPOP<TPipe<0, Direction::DIR_C2V, 1024, 8, 4, true>, Tile<TileType::Vec, float, 16, 16, BLayout::RowMajor, 16, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>, TileSplitAxis::TILE_NO_SPLIT>(v8, v17);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TABS(v15, v17);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  TFREE<TPipe<0, Direction::DIR_C2V, 1024, 8, 4, true>, TileSplitAxis::TILE_NO_SPLIT>(v8);
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v18(nullptr);
  TPOP<TPipe<2, Direction::DIR_C2V, 1024, 8, 8, true>, GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>, TileSplitAxis::TILE_NO_SPLIT>(v14, v18);
  pto::Shape<1, 1, 1, 16, 16> v19 = pto::Shape<1, 1, 1, 16, 16>(1, 1, 1, 16, 16);
  pto::Stride<-1, -1, -1, -1, -1> v20 = pto::Stride<-1, -1, -1, -1, -1>(16 * v18.GetStride(static_cast<int>(3)), 16 * v18.GetStride(static_cast<int>(3)), 16 * v18.GetStride(static_cast<int>(3)), v18.GetStride(static_cast<int>(3)), v18.GetStride(static_cast<int>(4)));
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v21 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>(PTOAS__GLOBAL_TENSOR_DATA(v18), v19, v20);
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  TLOAD(v15, v21);
  TFREE<TPipe<2, Direction::DIR_C2V, 1024, 8, 8, true>, GlobalTensor<float, pto::Shape<1, 1, 1, 16, 16>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>, TileSplitAxis::TILE_NO_SPLIT>(v14, v18);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

