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

extern "C" __global__ AICORE void fill_pad(__gm__ float* v1, __gm__ float* v2, __gm__ float* v3, __gm__ int8_t* v4) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v5 = 0;
  const int64_t v6 = 4096;
  const int64_t v7 = 8192;
  const int64_t v8 = 24576;
  const int64_t v9 = 25600;
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 40, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v10;
  uint64_t v11 = (uint64_t) v5;
  TASSIGN(v10, v11);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Zero, CompactMode::Null> v12;
  uint64_t v13 = (uint64_t) v6;
  TASSIGN(v12, v13);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Max, CompactMode::Null> v14;
  uint64_t v15 = (uint64_t) v5;
  TASSIGN(v14, v15);
  Tile<TileType::Vec, float, 32, 128, BLayout::RowMajor, 32, 128, SLayout::NoneBox, 512, PadValue::Min, CompactMode::Null> v16;
  uint64_t v17 = (uint64_t) v7;
  TASSIGN(v16, v17);
  Tile<TileType::Vec, int8_t, 16, 64, BLayout::RowMajor, 16, 40, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v18;
  uint64_t v19 = (uint64_t) v8;
  TASSIGN(v18, v19);
  Tile<TileType::Vec, int8_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Zero, CompactMode::Null> v20;
  uint64_t v21 = (uint64_t) v9;
  TASSIGN(v20, v21);
  pto::Shape<1, 1, 1, 16, 64> v22 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v23 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v24 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v1, v22, v23);
  pto::Shape<1, 1, 1, 16, 64> v25 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v26 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v27 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v2, v25, v26);
  pto::Shape<1, 1, 1, 32, 128> v28 = pto::Shape<1, 1, 1, 32, 128>();
  pto::Stride<4096, 4096, 4096, 128, 1> v29 = pto::Stride<4096, 4096, 4096, 128, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 32, 128>, pto::Stride<4096, 4096, 4096, 128, 1>, pto::Layout::ND> v30 = GlobalTensor<float, pto::Shape<1, 1, 1, 32, 128>, pto::Stride<4096, 4096, 4096, 128, 1>, pto::Layout::ND>((__gm__ float*) v3, v28, v29);
  pto::Shape<1, 1, 1, 16, 64> v31 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v32 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<int8_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v33 = GlobalTensor<int8_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ int8_t*) v4, v31, v32);
  TFILLPAD(v12, v10);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TFILLPAD<pto::TFillPadMode::Expand>(v16, v10);
  pipe_barrier(PIPE_V);
  TFILLPAD(v20, v18);
  TFILLPAD<pto::TFillPadMode::InPlace>(v14, v10);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID1);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TSTORE(v24, v12);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID1);
  TSTORE(v27, v14);
  TSTORE(v30, v16);
  TSTORE(v33, v20);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

