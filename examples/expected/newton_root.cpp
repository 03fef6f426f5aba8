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

extern "C" __global__ AICORE void newton_root(__gm__ float* v1, __gm__ float* v2, int64_t v3, float v4, int64_t v5) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v6 = 0;
  const int64_t v7 = 1;
  const int64_t v8 = 16;
  const float v9 = 0.5f;
  const float v10 = 1.0f;
  const bool v11 = true;
  const int64_t v12 = 0;
  const int64_t v13 = 4096;
  const int64_t v14 = 8192;
  const int64_t v15 = 12288;
  const int64_t v16 = 16384;
  const int64_t v17 = 20480;
  const int64_t v18 = 20544;
  const int64_t v19 = 20608;
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v20;
  uint64_t v21 = (uint64_t) v12;
  TASSIGN(v20, v21);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v22;
  uint64_t v23 = (uint64_t) v13;
  TASSIGN(v22, v23);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v24;
  uint64_t v25 = (uint64_t) v14;
  TASSIGN(v24, v25);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v26;
  uint64_t v27 = (uint64_t) v15;
  TASSIGN(v26, v27);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v28;
  uint64_t v29 = (uint64_t) v16;
  TASSIGN(v28, v29);
  Tile<TileType::Vec, float, 16, 1, BLayout::ColMajor, 16, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v30;
  uint64_t v31 = (uint64_t) v17;
  TASSIGN(v30, v31);
  Tile<TileType::Vec, float, 1, 16, BLayout::RowMajor, 1, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v32;
  uint64_t v33 = (uint64_t) v17;
  TASSIGN(v32, v33);
  Tile<TileType::Vec, float, 8, 1, BLayout::ColMajor, 1, 1, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v34;
  uint64_t v35 = (uint64_t) v18;
  TASSIGN(v34, v35);
  Tile<TileType::Vec, float, 1, 16, BLayout::RowMajor, 1, 16, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v36;
  uint64_t v37 = (uint64_t) v19;
  TASSIGN(v36, v37);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  for (int64_t v38 = v6; v38 < v3; v38 += v7) {
    int64_t v39 = (int64_t) ((uint64_t) v38 * (uint64_t) v8);
    pto::Shape<1, 1, 1, 16, 64> v40 = pto::Shape<1, 1, 1, 16, 64>();
    pto::Stride<1024, 1024, 1024, 64, 1> v41 = pto::Stride<1024, 1024, 1024, 64, 1>();
    GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v42 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v1 + (v39 * 64), v40, v41);
    wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
    TLOAD(v20, v42);
    set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
    wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    TMAXS(v22, v20, v10);
    int64_t v43 = v6;
    bool v44 = v11;
    int64_t v45;
    bool v46;
    while (true) {
      v45 = v43;
      v46 = v44;
      if (!((v43 < v5) & v44)) {
        break;
      }
      TDIV(v24, v20, v22);
      pipe_barrier(PIPE_V);
      TADD(v24, v24, v22);
      pipe_barrier(PIPE_V);
      TMULS(v24, v24, v9);
      TSUB(v26, v24, v22);
      pipe_barrier(PIPE_V);
      TABS(v26, v26);
      TMULS(v22, v24, v10);
      pipe_barrier(PIPE_V);
      TROWMAX(v30, v26, v28);
      pipe_barrier(PIPE_V);
      TROWMAX(v34, v32, v36);
      set_flag(PIPE_V, PIPE_S, EVENT_ID0);
      wait_flag(PIPE_V, PIPE_S, EVENT_ID0);
      float v47 = v34.GetValue(v6);
      bool v48 = v47 > v4;
      int64_t v49 = (int64_t) ((uint64_t) v45 + (uint64_t) v7);
      v43 = v49;
      v44 = v48;
    }
    set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
    set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    pto::Shape<1, 1, 1, 16, 64> v50 = pto::Shape<1, 1, 1, 16, 64>();
    pto::Stride<1024, 1024, 1024, 64, 1> v51 = pto::Stride<1024, 1024, 1024, 64, 1>();
    GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v52 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v2 + (v39 * 64), v50, v51);
    wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    TSTORE(v52, v22);
    set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  }
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

