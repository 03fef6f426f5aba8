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

extern "C" __global__ AICORE void power(__gm__ float* v1, __gm__ float* v2, __gm__ int32_t* v3, __gm__ int32_t* v4, __gm__ float* v5, __gm__ int32_t* v6) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const float v7 = 3.0f;
  const int32_t v8 = 3;
  const int64_t v9 = 0;
  const int64_t v10 = 4096;
  const int64_t v11 = 8192;
  const int64_t v12 = 12288;
  const int64_t v13 = 16384;
  const int64_t v14 = 20480;
  const int64_t v15 = 24576;
  const int64_t v16 = 28672;
  const int64_t v17 = 32768;
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v18;
  uint64_t v19 = (uint64_t) v9;
  TASSIGN(v18, v19);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v20;
  uint64_t v21 = (uint64_t) v10;
  TASSIGN(v20, v21);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v22;
  uint64_t v23 = (uint64_t) v11;
  TASSIGN(v22, v23);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v24;
  uint64_t v25 = (uint64_t) v12;
  TASSIGN(v24, v25);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v26;
  uint64_t v27 = (uint64_t) v13;
  TASSIGN(v26, v27);
  Tile<TileType::Vec, int32_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v28;
  uint64_t v29 = (uint64_t) v14;
  TASSIGN(v28, v29);
  Tile<TileType::Vec, int32_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v30;
  uint64_t v31 = (uint64_t) v15;
  TASSIGN(v30, v31);
  Tile<TileType::Vec, int32_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v32;
  uint64_t v33 = (uint64_t) v16;
  TASSIGN(v32, v33);
  Tile<TileType::Vec, int32_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v34;
  uint64_t v35 = (uint64_t) v17;
  TASSIGN(v34, v35);
  pto::Shape<1, 1, 1, 16, 64> v36 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v37 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v38 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v1, v36, v37);
  pto::Shape<1, 1, 1, 16, 64> v39 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v40 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v41 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v2, v39, v40);
  pto::Shape<1, 1, 1, 16, 64> v42 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v43 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<int32_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v44 = GlobalTensor<int32_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ int32_t*) v3, v42, v43);
  pto::Shape<1, 1, 1, 16, 64> v45 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v46 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<int32_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v47 = GlobalTensor<int32_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ int32_t*) v4, v45, v46);
  pto::Shape<1, 1, 1, 16, 64> v48 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v49 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v50 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v5, v48, v49);
  pto::Shape<1, 1, 1, 16, 64> v51 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v52 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<int32_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v53 = GlobalTensor<int32_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ int32_t*) v6, v51, v52);
  TLOAD(v18, v38);
  TLOAD(v20, v41);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TLOAD(v28, v44);
  TLOAD(v30, v47);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TPOW(v22, v18, v20, v24);
  pipe_barrier(PIPE_V);
  TPOWS(v22, v18, v7, v24);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  TPOW(v32, v28, v30, v32);
  pipe_barrier(PIPE_V);
  TPOWS(v32, v28, v8, v32);
  TREM(v22, v18, v20, v26);
  pipe_barrier(PIPE_V);
  TREM<pto::RemAlgorithm::HIGH_PRECISION>(v22, v18, v20, v26);
  pipe_barrier(PIPE_V);
  TREMS(v22, v18, v7, v26);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TREM(v32, v28, v30, v34);
  pipe_barrier(PIPE_V);
  TREMS(v30, v28, v8, v34);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID1);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TSTORE(v50, v22);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID1);
  TSTORE(v47, v30);
  TSTORE(v53, v32);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

