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

extern "C" __global__ AICORE void unary(__gm__ float* v1, __gm__ int16_t* v2, __gm__ float* v3, __gm__ int16_t* v4) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v5 = 0;
  const int64_t v6 = 4096;
  const int64_t v7 = 8192;
  const int64_t v8 = 12288;
  const int64_t v9 = 14336;
  const int64_t v10 = 16384;
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v11;
  uint64_t v12 = (uint64_t) v5;
  TASSIGN(v11, v12);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v13;
  uint64_t v14 = (uint64_t) v6;
  TASSIGN(v13, v14);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v15;
  uint64_t v16 = (uint64_t) v7;
  TASSIGN(v15, v16);
  Tile<TileType::Vec, int16_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v17;
  uint64_t v18 = (uint64_t) v8;
  TASSIGN(v17, v18);
  Tile<TileType::Vec, int16_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v19;
  uint64_t v20 = (uint64_t) v9;
  TASSIGN(v19, v20);
  Tile<TileType::Vec, float, 1, 64, BLayout::RowMajor, 1, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v21;
  uint64_t v22 = (uint64_t) v10;
  TASSIGN(v21, v22);
  pto::Shape<1, 1, 1, 16, 64> v23 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v24 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v25 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v1, v23, v24);
  pto::Shape<1, 1, 1, 16, 64> v26 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v27 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<int16_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v28 = GlobalTensor<int16_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ int16_t*) v2, v26, v27);
  pto::Shape<1, 1, 1, 16, 64> v29 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v30 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v31 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v3, v29, v30);
  pto::Shape<1, 1, 1, 16, 64> v32 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v33 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<int16_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v34 = GlobalTensor<int16_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ int16_t*) v4, v32, v33);
  TLOAD(v11, v25);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TLOAD(v17, v28);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TABS(v13, v11);
  pipe_barrier(PIPE_V);
  TEXP(v13, v11);
  pipe_barrier(PIPE_V);
  TLOG(v13, v11);
  pipe_barrier(PIPE_V);
  TNEG(v13, v11);
  pipe_barrier(PIPE_V);
  TRELU(v13, v11);
  pipe_barrier(PIPE_V);
  TSQRT(v13, v11);
  pipe_barrier(PIPE_V);
  TEXP<pto::ExpAlgorithm::HIGH_PRECISION>(v13, v11);
  pipe_barrier(PIPE_V);
  TLOG<pto::LogAlgorithm::HIGH_PRECISION>(v13, v11);
  pipe_barrier(PIPE_V);
  TSQRT<pto::SqrtAlgorithm::HIGH_PRECISION>(v11, v11);
  pipe_barrier(PIPE_V);
  TRECIP(v15, v11);
  pipe_barrier(PIPE_V);
  TRSQRT(v13, v15);
  pipe_barrier(PIPE_V);
  TRSQRT<pto::RsqrtAlgorithm::HIGH_PRECISION>(v13, v15, v21);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  TNOT(v19, v17);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID1);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TSTORE(v31, v13);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID1);
  TSTORE(v34, v19);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

