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

extern "C" __global__ AICORE void bits(__gm__ int16_t* v1, __gm__ int16_t* v2, __gm__ uint32_t* v3, __gm__ int16_t* v4) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int16_t v5 = 5;
  const int64_t v6 = 0;
  const int64_t v7 = 2048;
  const int64_t v8 = 4096;
  const int64_t v9 = 6144;
  const int64_t v10 = 8192;
  const int64_t v11 = 12288;
  Tile<TileType::Vec, int16_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v12;
  uint64_t v13 = (uint64_t) v6;
  TASSIGN(v12, v13);
  Tile<TileType::Vec, int16_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v14;
  uint64_t v15 = (uint64_t) v7;
  TASSIGN(v14, v15);
  Tile<TileType::Vec, int16_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v16;
  uint64_t v17 = (uint64_t) v8;
  TASSIGN(v16, v17);
  Tile<TileType::Vec, int16_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v18;
  uint64_t v19 = (uint64_t) v9;
  TASSIGN(v18, v19);
  Tile<TileType::Vec, uint32_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v20;
  uint64_t v21 = (uint64_t) v10;
  TASSIGN(v20, v21);
  Tile<TileType::Vec, uint32_t, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v22;
  uint64_t v23 = (uint64_t) v11;
  TASSIGN(v22, v23);
  pto::Shape<1, 1, 1, 16, 64> v24 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v25 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<int16_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v26 = GlobalTensor<int16_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ int16_t*) v1, v24, v25);
  pto::Shape<1, 1, 1, 16, 64> v27 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v28 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<int16_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v29 = GlobalTensor<int16_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ int16_t*) v2, v27, v28);
  pto::Shape<1, 1, 1, 16, 64> v30 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v31 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<uint32_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v32 = GlobalTensor<uint32_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ uint32_t*) v3, v30, v31);
  pto::Shape<1, 1, 1, 16, 64> v33 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v34 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<int16_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v35 = GlobalTensor<int16_t, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ int16_t*) v4, v33, v34);
  TLOAD(v12, v26);
  TLOAD(v14, v29);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TLOAD(v20, v32);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TAND(v16, v12, v14);
  pipe_barrier(PIPE_V);
  TOR(v16, v12, v14);
  pipe_barrier(PIPE_V);
  TSHL(v16, v12, v14);
  pipe_barrier(PIPE_V);
  TSHR(v16, v12, v14);
  pipe_barrier(PIPE_V);
  TXOR(v16, v12, v14, v18);
  pipe_barrier(PIPE_V);
  TANDS(v16, v12, v5);
  pipe_barrier(PIPE_V);
  TORS(v16, v12, v5);
  pipe_barrier(PIPE_V);
  TSHLS(v16, v12, v5);
  pipe_barrier(PIPE_V);
  TSHRS(v16, v12, v5);
  pipe_barrier(PIPE_V);
  TXORS(v16, v12, v5, v18);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID1);
  TAND(v22, v20, v20);
  pipe_barrier(PIPE_V);
  TSHL(v20, v20, v22);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TSTORE(v35, v16);
  TSTORE(v32, v20);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

