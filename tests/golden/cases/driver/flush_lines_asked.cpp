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

AICORE void k(__gm__ float* v1, __gm__ float* v2, __gm__ int32_t* v3, int64_t v4) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v5 = 0;
  const int64_t v6 = 1;
  const int64_t v7 = 3;
  const int64_t v8 = 16;
  const int64_t v9 = 64;
  const float v10 = 1.0f;
  const int32_t v11 = 7;
  const int64_t v12 = 0;
  __gm__ int32_t* v13 = v3 + v4;
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v14;
  uint64_t v15 = (uint64_t) v12;
  TASSIGN(v14, v15);
  (v1)[v7] = v10;
  (v1)[v9] = v10;
  pto::Shape<1, 1, 1, 16, 64> v16 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v17 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v18 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v1, v16, v17);
  // ptoc: fence: pto.store_scalar of line 19 is visible to pto.tload of line 21; dcci writes dirty lines of the scalar cache back
  dcci((__gm__ void*)0, cache_line_t::ENTIRE_DATA_CACHE);
  dsb(DSB_DDR);
  set_flag(PIPE_S, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_S, PIPE_MTE2, EVENT_ID0);
  TLOAD(v14, v18);
  set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0);
  pto::Shape<1, 1, 1, 16, 64> v19 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v20 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v21 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v2, v19, v20);
  wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0);
  TSTORE(v21, v14);
  (v3)[v5] = v11;
  for (int64_t v22 = v5; v22 < v4; v22 += v6) {
    (v3)[v6] = v11;
  }
  (v3)[v8] = v11;
  (v13)[v5] = v11;
  PTOAS__DCCI_SINGLE_CACHE_LINE(v3 + v5);
  PTOAS__DCCI_SINGLE_CACHE_LINE(v3 + v8);
  PTOAS__DCCI_SINGLE_CACHE_LINE(v13 + v5);
  dsb((mem_dsb_t)0);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

