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

extern "C" __global__ AICORE void softmax(__gm__ float* v1, __gm__ float* v2, int64_t v3) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v4 = 0;
  const int64_t v5 = 32;
  const int64_t v6 = 0;
  const int64_t v7 = 32768;
  const int64_t v8 = 65536;
  const int64_t v9 = 98304;
  const int64_t v10 = 98432;
  const int64_t v11 = 98560;
  const int64_t v12 = 106752;
  Tile<TileType::Vec, float, 1, 2048, BLayout::RowMajor, 1, 2048, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v13;
  uint64_t v14 = (uint64_t) v11;
  TASSIGN(v13, v14);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  for (int64_t v15 = v4; v15 < v3; v15 += v5) {
    int64_t v16 = (int64_t) ((uint64_t) v3 - (uint64_t) v15);
    int64_t v17 = v16 < v5 ? v16 : v5;
    Tile<TileType::Vec, float, 32, 256, BLayout::RowMajor, -1, 256, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v18 = Tile<TileType::Vec, float, 32, 256, BLayout::RowMajor, -1, 256, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(v17);
    uint64_t v19 = (uint64_t) v6;
    TASSIGN(v18, v19);
    Tile<TileType::Vec, float, 32, 256, BLayout::RowMajor, -1, 256, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v20 = Tile<TileType::Vec, float, 32, 256, BLayout::RowMajor, -1, 256, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(v17);
    uint64_t v21 = (uint64_t) v7;
    TASSIGN(v20, v21);
    Tile<TileType::Vec, float, 32, 256, BLayout::RowMajor, -1, 256, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v22 = Tile<TileType::Vec, float, 32, 256, BLayout::RowMajor, -1, 256, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(v17);
    uint64_t v23 = (uint64_t) v8;
    TASSIGN(v22, v23);
    Tile<TileType::Vec, float, 32, 1, BLayout::ColMajor, -1, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v24 = Tile<TileType::Vec, float, 32, 1, BLayout::ColMajor, -1, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(v17);
    uint64_t v25 = (uint64_t) v9;
    TASSIGN(v24, v25);
    Tile<TileType::Vec, float, 32, 1, BLayout::ColMajor, -1, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v26 = Tile<TileType::Vec, float, 32, 1, BLayout::ColMajor, -1, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(v17);
    uint64_t v27 = (uint64_t) v10;
    TASSIGN(v26, v27);
    Tile<TileType::Vec, float, 32, 256, BLayout::RowMajor, -1, 256, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v28 = Tile<TileType::Vec, float, 32, 256, BLayout::RowMajor, -1, 256, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(v17);
    uint64_t v29 = (uint64_t) v12;
    TASSIGN(v28, v29);
    pto::Shape<1, 1, 1, -1, 256> v30 = pto::Shape<1, 1, 1, -1, 256>(1, 1, 1, v17, 256);
    pto::Stride<-1, -1, -1, -1, -1> v31 = pto::Stride<-1, -1, -1, -1, -1>(v17 * 256, v17 * 256, v17 * 256, 256, 1);
    GlobalTensor<float, pto::Shape<1, 1, 1, -1, 256>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v32 = GlobalTensor<float, pto::Shape<1, 1, 1, -1, 256>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>((__gm__ float*) v1 + (v15 * 256), v30, v31);
    wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
    TLOAD(v18, v32);
    set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    TROWMAX(v24, v18, v22);
    pipe_barrier(PIPE_V);
    TROWEXPANDSUB(v20, v18, v24, v13);
    set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
    pipe_barrier(PIPE_V);
    TEXP(v20, v20);
    pipe_barrier(PIPE_V);
    TROWSUM(v26, v20, v22);
    wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
    pipe_barrier(PIPE_V);
    TROWEXPANDDIV(v28, v20, v26, v13);
    set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    pto::Shape<1, 1, 1, -1, 256> v33 = pto::Shape<1, 1, 1, -1, 256>(1, 1, 1, v17, 256);
    pto::Stride<-1, -1, -1, -1, -1> v34 = pto::Stride<-1, -1, -1, -1, -1>(v17 * 256, v17 * 256, v17 * 256, 256, 1);
    GlobalTensor<float, pto::Shape<1, 1, 1, -1, 256>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v35 = GlobalTensor<float, pto::Shape<1, 1, 1, -1, 256>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>((__gm__ float*) v2 + (v15 * 256), v33, v34);
    wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    TSTORE(v35, v28);
    set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  }
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

