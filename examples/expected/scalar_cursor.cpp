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

extern "C" __global__ AICORE void scalar_cursor(__gm__ float* v1, __gm__ int32_t* v2, __gm__ float* v3, __gm__ float* v4, __gm__ int32_t* v5, __gm__ int32_t* v6, int64_t v7, int64_t v8) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v9 = 0;
  const int64_t v10 = 1;
  const int32_t v11 = 0;
  const int64_t v12 = 0;
  const int64_t v13 = 2048;
  Tile<TileType::Vec, float, 1, 512, BLayout::RowMajor, 1, 512, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v14;
  uint64_t v15 = (uint64_t) v12;
  TASSIGN(v14, v15);
  Tile<TileType::Vec, float, 1, 512, BLayout::RowMajor, 1, 512, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v16;
  uint64_t v17 = (uint64_t) v13;
  TASSIGN(v16, v17);
  int32_t v18 = (v6)[v9];
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  int64_t v19 = (int64_t) v18;
  for (int64_t v20 = v9; v20 < v7; v20 += v10) {
    int32_t v21 = (v2)[v20];
    bool v22 = (v21 != v11) & (v19 < v8);
    int64_t v23;
    if (v22) {
      float v24 = (v3)[v20];
      pto::Shape<1, 1, 1, 1, 512> v25 = pto::Shape<1, 1, 1, 1, 512>();
      pto::Stride<512, 512, 512, 512, 1> v26 = pto::Stride<512, 512, 512, 512, 1>();
      GlobalTensor<float, pto::Shape<1, 1, 1, 1, 512>, pto::Stride<512, 512, 512, 512, 1>, pto::Layout::ND> v27 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 512>, pto::Stride<512, 512, 512, 512, 1>, pto::Layout::ND>((__gm__ float*) v1 + (v20 * 512), v25, v26);
      wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
      TLOAD(v14, v27);
      set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
      wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
      wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
      TMULS(v16, v14, v24);
      set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
      set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
      pto::Shape<1, 1, 1, 1, 512> v28 = pto::Shape<1, 1, 1, 1, 512>();
      pto::Stride<512, 512, 512, 512, 1> v29 = pto::Stride<512, 512, 512, 512, 1>();
      GlobalTensor<float, pto::Shape<1, 1, 1, 1, 512>, pto::Stride<512, 512, 512, 512, 1>, pto::Layout::ND> v30 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 512>, pto::Stride<512, 512, 512, 512, 1>, pto::Layout::ND>((__gm__ float*) v4 + (v19 * 512), v28, v29);
      wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
      TSTORE(v30, v16);
      set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
      (v5)[v19] = (int32_t) v20;
      v23 = (int64_t) ((uint64_t) v19 + (uint64_t) v10);
    } else {
      v23 = v19;
    }
    v19 = v23;
  }
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  (v6)[v9] = (int32_t) v19;
  dcci((__gm__ void*)0, cache_line_t::ENTIRE_DATA_CACHE);
  dsb((mem_dsb_t)0);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

