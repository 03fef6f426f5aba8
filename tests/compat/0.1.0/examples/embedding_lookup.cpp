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

AICORE void embedding_lookup(__gm__ float* v1, __gm__ int32_t* v2, __gm__ float* v3, int64_t v4, int64_t v5, bool v6, float v7) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v8 = 0;
  const int64_t v9 = 1024;
  const int64_t v10 = 2048;
  const float v11 = 0.0f;
  const int64_t v12 = 0;
  Tile<TileType::Vec, float, 1, 1024, BLayout::RowMajor, 1, 1024, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v13;
  uint64_t v14 = (uint64_t) v12;
  TASSIGN(v13, v14);
  int64_t v15 = get_block_idx();
  int64_t v16 = get_block_num();
  int64_t v17 = v16;
  set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  set_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
  for (int64_t v18 = v15; v18 < v5; v18 += v17) {
    int32_t v19 = (v2)[v18];
    int64_t v20 = (int64_t) v19;
    bool v21 = (v20 >= v8) & (v20 < v4);
    for (int64_t v22 = v8; v22 < v10; v22 += v9) {
      wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
      wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
      if (v21) {
        pto::Shape<1, 1, 1, 1, 1024> v23 = pto::Shape<1, 1, 1, 1, 1024>();
        pto::Stride<2048, 2048, 2048, 2048, 1> v24 = pto::Stride<2048, 2048, 2048, 2048, 1>();
        GlobalTensor<float, pto::Shape<1, 1, 1, 1, 1024>, pto::Stride<2048, 2048, 2048, 2048, 1>, pto::Layout::ND> v25 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 1024>, pto::Stride<2048, 2048, 2048, 2048, 1>, pto::Layout::ND>((__gm__ float*) v1 + (v20 * 2048 + v22), v23, v24);
        TLOAD(v13, v25);
        set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
        wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
        if (v6) {
          TMULS(v13, v13, v7);
        }
      } else {
        TEXPANDS(v13, v11);
      }
      set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0);
      set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
      pto::Shape<1, 1, 1, 1, 1024> v26 = pto::Shape<1, 1, 1, 1, 1024>();
      pto::Stride<2048, 2048, 2048, 2048, 1> v27 = pto::Stride<2048, 2048, 2048, 2048, 1>();
      GlobalTensor<float, pto::Shape<1, 1, 1, 1, 1024>, pto::Stride<2048, 2048, 2048, 2048, 1>, pto::Layout::ND> v28 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 1024>, pto::Stride<2048, 2048, 2048, 2048, 1>, pto::Layout::ND>((__gm__ float*) v3 + (v18 * 2048 + v22), v26, v27);
      wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
      TSTORE(v28, v13);
      wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0);
      set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
      set_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
    }
  }
  wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_MTE2, EVENT_ID0);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

