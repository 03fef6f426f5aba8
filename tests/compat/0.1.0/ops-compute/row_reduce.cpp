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

extern "C" __global__ AICORE void row_reduce(__gm__ float* v1, __gm__ float* v2, __gm__ int32_t* v3, __gm__ float* v4) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v5 = 0;
  const int64_t v6 = 4096;
  const int64_t v7 = 8192;
  const int64_t v8 = 8256;
  const int64_t v9 = 8768;
  const int64_t v10 = 16960;
  const int64_t v11 = 25152;
  const int64_t v12 = 25216;
  const int64_t v13 = 29312;
  const int64_t v14 = 33408;
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v15;
  uint64_t v16 = (uint64_t) v5;
  TASSIGN(v15, v16);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v17;
  uint64_t v18 = (uint64_t) v6;
  TASSIGN(v17, v18);
  Tile<TileType::Vec, float, 16, 1, BLayout::ColMajor, 16, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v19;
  uint64_t v20 = (uint64_t) v7;
  TASSIGN(v19, v20);
  Tile<TileType::Vec, float, 16, 8, BLayout::RowMajor, 16, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v21;
  uint64_t v22 = (uint64_t) v8;
  TASSIGN(v21, v22);
  Tile<TileType::Vec, float, 16, 128, BLayout::RowMajor, 16, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v23;
  uint64_t v24 = (uint64_t) v9;
  TASSIGN(v23, v24);
  Tile<TileType::Vec, float, 16, 128, BLayout::RowMajor, 16, 128, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v25;
  uint64_t v26 = (uint64_t) v10;
  TASSIGN(v25, v26);
  Tile<TileType::Vec, int32_t, 16, 1, BLayout::ColMajor, 16, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v27;
  uint64_t v28 = (uint64_t) v11;
  TASSIGN(v27, v28);
  Tile<TileType::Vec, int32_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v29;
  uint64_t v30 = (uint64_t) v12;
  TASSIGN(v29, v30);
  Tile<TileType::Vec, int32_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v31;
  uint64_t v32 = (uint64_t) v13;
  TASSIGN(v31, v32);
  Tile<TileType::Vec, int32_t, 16, 1, BLayout::ColMajor, 16, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v33;
  uint64_t v34 = (uint64_t) v14;
  TASSIGN(v33, v34);
  pto::Shape<1, 1, 1, 16, 64> v35 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v36 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v37 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v1, v35, v36);
  pto::Shape<1, 1, 1, 16, 128> v38 = pto::Shape<1, 1, 1, 16, 128>();
  pto::Stride<2048, 2048, 2048, 128, 1> v39 = pto::Stride<2048, 2048, 2048, 128, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 128>, pto::Stride<2048, 2048, 2048, 128, 1>, pto::Layout::ND> v40 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 128>, pto::Stride<2048, 2048, 2048, 128, 1>, pto::Layout::ND>((__gm__ float*) v2, v38, v39);
  pto::Shape<1, 1, 1, 16, 64> v41 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v42 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<int32_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v43 = GlobalTensor<int32_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ int32_t*) v3, v41, v42);
  pto::Shape<1, 1, 1, 16, 1> v44 = pto::Shape<1, 1, 1, 16, 1>();
  pto::Stride<16, 16, 16, 1, 1> v45 = pto::Stride<16, 16, 16, 1, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 1>, pto::Stride<16, 16, 16, 1, 1>, pto::Layout::ND> v46 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 1>, pto::Stride<16, 16, 16, 1, 1>, pto::Layout::ND>((__gm__ float*) v4, v44, v45);
  TLOAD(v15, v37);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TLOAD(v23, v40);
  TLOAD(v29, v43);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TROWMAX(v19, v15, v17);
  pipe_barrier(PIPE_V);
  TROWMIN(v19, v15, v17);
  pipe_barrier(PIPE_V);
  TROWSUM(v19, v15, v17);
  pipe_barrier(PIPE_V);
  TROWPROD(v19, v15, v17);
  pipe_barrier(PIPE_V);
  TROWSUM(v21, v15, v17);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  pipe_barrier(PIPE_V);
  TROWSUM(v33, v29, v31);
  TROWARGMAX(v27, v15, v17);
  pipe_barrier(PIPE_V);
  TROWARGMIN(v27, v23, v25);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TSTORE(v46, v21);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

