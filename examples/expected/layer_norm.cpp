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

extern "C" __global__ AICORE void layer_norm(__gm__ float* v1, __gm__ float* v2, __gm__ float* v3, __gm__ float* v4, int64_t v5, float v6) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v7 = 16;
  const float v8 = 0.001953125f;
  const int64_t v9 = 0;
  const int64_t v10 = 32768;
  const int64_t v11 = 65536;
  const int64_t v12 = 98304;
  const int64_t v13 = 131072;
  const int64_t v14 = 133120;
  const int64_t v15 = 135168;
  const int64_t v16 = 135232;
  const int64_t v17 = 135296;
  const int64_t v18 = 135424;
  Tile<TileType::Vec, float, 1, 2048, BLayout::RowMajor, 1, 2048, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v19;
  uint64_t v20 = (uint64_t) v18;
  TASSIGN(v19, v20);
  Tile<TileType::Vec, float, 1, 16, BLayout::RowMajor, 1, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v21;
  uint64_t v22 = (uint64_t) v15;
  TASSIGN(v21, v22);
  Tile<TileType::Vec, float, 1, 16, BLayout::RowMajor, 1, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v23;
  uint64_t v24 = (uint64_t) v16;
  TASSIGN(v23, v24);
  Tile<TileType::Vec, float, 1, 16, BLayout::RowMajor, 1, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v25;
  uint64_t v26 = (uint64_t) v17;
  TASSIGN(v25, v26);
  Tile<TileType::Vec, float, 1, 512, BLayout::RowMajor, 1, 512, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v27;
  uint64_t v28 = (uint64_t) v13;
  TASSIGN(v27, v28);
  Tile<TileType::Vec, float, 1, 512, BLayout::RowMajor, 1, 512, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v29;
  uint64_t v30 = (uint64_t) v14;
  TASSIGN(v29, v30);
  pto::Shape<1, 1, 1, 1, 512> v31 = pto::Shape<1, 1, 1, 1, 512>();
  pto::Stride<512, 512, 512, 512, 1> v32 = pto::Stride<512, 512, 512, 512, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 512>, pto::Stride<512, 512, 512, 512, 1>, pto::Layout::ND> v33 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 512>, pto::Stride<512, 512, 512, 512, 1>, pto::Layout::ND>((__gm__ float*) v2, v31, v32);
  pto::Shape<1, 1, 1, 1, 512> v34 = pto::Shape<1, 1, 1, 1, 512>();
  pto::Stride<512, 512, 512, 512, 1> v35 = pto::Stride<512, 512, 512, 512, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 512>, pto::Stride<512, 512, 512, 512, 1>, pto::Layout::ND> v36 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 512>, pto::Stride<512, 512, 512, 512, 1>, pto::Layout::ND>((__gm__ float*) v3, v34, v35);
  TLOAD(v27, v33);
  TLOAD(v29, v36);
  int64_t v37 = get_block_idx();
  int64_t v38 = get_block_num();
  int64_t v39 = (int64_t) ((uint64_t) v38 * (uint64_t) v7);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  for (int64_t v40 = (int64_t) ((uint64_t) v37 * (uint64_t) v7); v40 < v5; v40 += v39) {
    int64_t v41 = (int64_t) ((uint64_t) v5 - (uint64_t) v40);
    int64_t v42 = v41 < v7 ? v41 : v7;
    Tile<TileType::Vec, float, 16, 512, BLayout::RowMajor, -1, 512, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v43 = Tile<TileType::Vec, float, 16, 512, BLayout::RowMajor, -1, 512, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(v42);
    uint64_t v44 = (uint64_t) v9;
    TASSIGN(v43, v44);
    Tile<TileType::Vec, float, 16, 512, BLayout::RowMajor, -1, 512, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v45 = Tile<TileType::Vec, float, 16, 512, BLayout::RowMajor, -1, 512, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(v42);
    uint64_t v46 = (uint64_t) v10;
    TASSIGN(v45, v46);
    Tile<TileType::Vec, float, 16, 512, BLayout::RowMajor, -1, 512, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v47 = Tile<TileType::Vec, float, 16, 512, BLayout::RowMajor, -1, 512, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(v42);
    uint64_t v48 = (uint64_t) v11;
    TASSIGN(v47, v48);
    Tile<TileType::Vec, float, 16, 512, BLayout::RowMajor, -1, 512, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v49 = Tile<TileType::Vec, float, 16, 512, BLayout::RowMajor, -1, 512, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(v42);
    uint64_t v50 = (uint64_t) v12;
    TASSIGN(v49, v50);
    Tile<TileType::Vec, float, 16, 1, BLayout::ColMajor, -1, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v51 = Tile<TileType::Vec, float, 16, 1, BLayout::ColMajor, -1, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(v42);
    uint64_t v52 = (uint64_t) v15;
    TASSIGN(v51, v52);
    Tile<TileType::Vec, float, 16, 1, BLayout::ColMajor, -1, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v53 = Tile<TileType::Vec, float, 16, 1, BLayout::ColMajor, -1, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(v42);
    uint64_t v54 = (uint64_t) v16;
    TASSIGN(v53, v54);
    Tile<TileType::Vec, float, 16, 1, BLayout::ColMajor, -1, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v55 = Tile<TileType::Vec, float, 16, 1, BLayout::ColMajor, -1, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null>(v42);
    uint64_t v56 = (uint64_t) v17;
    TASSIGN(v55, v56);
    pto::Shape<1, 1, 1, -1, 512> v57 = pto::Shape<1, 1, 1, -1, 512>(1, 1, 1, v42, 512);
    pto::Stride<-1, -1, -1, -1, -1> v58 = pto::Stride<-1, -1, -1, -1, -1>(v42 * 512, v42 * 512, v42 * 512, 512, 1);
    GlobalTensor<float, pto::Shape<1, 1, 1, -1, 512>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v59 = GlobalTensor<float, pto::Shape<1, 1, 1, -1, 512>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>((__gm__ float*) v1 + (v40 * 512), v57, v58);
    wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
    TLOAD(v43, v59);
    set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    TROWSUM(v51, v43, v47);
    pipe_barrier(PIPE_V);
    TMULS(v21, v21, v8);
    pipe_barrier(PIPE_V);
    TROWEXPANDSUB(v43, v43, v51, v19);
    pipe_barrier(PIPE_V);
    TMUL(v45, v43, v43);
    pipe_barrier(PIPE_V);
    TROWSUM(v53, v45, v47);
    pipe_barrier(PIPE_V);
    TMULS(v23, v23, v8);
    pipe_barrier(PIPE_V);
    TADDS(v23, v23, v6);
    pipe_barrier(PIPE_V);
    TSQRT(v25, v23);
    wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
    pipe_barrier(PIPE_V);
    TROWEXPANDDIV(v49, v43, v55, v19);
    set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
    pipe_barrier(PIPE_V);
    TCOLEXPANDMUL(v49, v49, v27);
    pipe_barrier(PIPE_V);
    TCOLEXPANDADD(v49, v49, v29);
    set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    pto::Shape<1, 1, 1, -1, 512> v60 = pto::Shape<1, 1, 1, -1, 512>(1, 1, 1, v42, 512);
    pto::Stride<-1, -1, -1, -1, -1> v61 = pto::Stride<-1, -1, -1, -1, -1>(v42 * 512, v42 * 512, v42 * 512, 512, 1);
    GlobalTensor<float, pto::Shape<1, 1, 1, -1, 512>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND> v62 = GlobalTensor<float, pto::Shape<1, 1, 1, -1, 512>, pto::Stride<-1, -1, -1, -1, -1>, pto::Layout::ND>((__gm__ float*) v4 + (v40 * 512), v60, v61);
    wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    TSTORE(v62, v49);
    set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  }
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

