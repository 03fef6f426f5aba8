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

AICORE void k(__gm__ float* v1, __gm__ float* v2, __gm__ float* v3, int64_t v4, int64_t v5) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v6 = 0;
  const int64_t v7 = 1;
  const int64_t v8 = 4;
  const int64_t v9 = 8;
  const int64_t v10 = 8192;
  const int64_t v11 = 10240;
  Tile<TileType::Vec, float, 8, 64, BLayout::RowMajor, 8, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v12;
  uint64_t v13 = (uint64_t) v10;
  TASSIGN(v12, v13);
  Tile<TileType::Vec, float, 8, 64, BLayout::RowMajor, 8, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v14;
  uint64_t v15 = (uint64_t) v11;
  TASSIGN(v14, v15);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID1);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID2);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID3);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID4);
  for (int64_t v16 = v6; v16 < v5; v16 += v7) {
    int64_t v17 = (int64_t) ((uint64_t) v16 * (uint64_t) v9);
    pto::Shape<1, 1, 1, 8, 64> v18 = pto::Shape<1, 1, 1, 8, 64>();
    pto::Stride<512, 512, 512, 64, 1> v19 = pto::Stride<512, 512, 512, 64, 1>();
    GlobalTensor<float, pto::Shape<1, 1, 1, 8, 64>, pto::Stride<512, 512, 512, 64, 1>, pto::Layout::ND> v20 = GlobalTensor<float, pto::Shape<1, 1, 1, 8, 64>, pto::Stride<512, 512, 512, 64, 1>, pto::Layout::ND>((__gm__ float*) v2 + (v17 * 64), v18, v19);
    wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
    TLOAD(v14, v20);
    set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
    wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
    TABS(v12, v14);
    set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
    for (int64_t v21 = v6; v21 < v4; v21 += v7) {
      int64_t v22 = (int64_t) ((uint64_t) v21 % (uint64_t) v8);
      Tile<TileType::Vec, float, 8, 64, BLayout::RowMajor, 8, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v23;
      uint64_t v24 = (uint64_t) (v22 == 3 ? 6144 : (v22 == 2 ? 4096 : (v22 == 1 ? 2048 : 0)));
      TASSIGN(v23, v24);
      pto::Shape<1, 1, 1, 8, 64> v25 = pto::Shape<1, 1, 1, 8, 64>();
      pto::Stride<512, 512, 512, 64, 1> v26 = pto::Stride<512, 512, 512, 64, 1>();
      GlobalTensor<float, pto::Shape<1, 1, 1, 8, 64>, pto::Stride<512, 512, 512, 64, 1>, pto::Layout::ND> v27 = GlobalTensor<float, pto::Shape<1, 1, 1, 8, 64>, pto::Stride<512, 512, 512, 64, 1>, pto::Layout::ND>((__gm__ float*) v1 + ((int64_t) ((uint64_t) v21 * (uint64_t) v9) * 64), v25, v26);
      event_t v28 = (event_t) (int64_t) ((uint64_t) v22 + (uint64_t) v7);
      wait_flag(PIPE_V, PIPE_MTE2, v28);
      TLOAD(v23, v27);
      event_t v29 = (event_t) (int64_t) ((uint64_t) v22 + (uint64_t) v7);
      set_flag(PIPE_MTE2, PIPE_V, v29);
      event_t v30 = (event_t) (int64_t) ((uint64_t) v22 + (uint64_t) v7);
      wait_flag(PIPE_MTE2, PIPE_V, v30);
      pipe_barrier(PIPE_V);
      TADD(v12, v12, v23);
      event_t v31 = (event_t) (int64_t) ((uint64_t) v22 + (uint64_t) v7);
      set_flag(PIPE_V, PIPE_MTE2, v31);
    }
    set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    pto::Shape<1, 1, 1, 8, 64> v32 = pto::Shape<1, 1, 1, 8, 64>();
    pto::Stride<512, 512, 512, 64, 1> v33 = pto::Stride<512, 512, 512, 64, 1>();
    GlobalTensor<float, pto::Shape<1, 1, 1, 8, 64>, pto::Stride<512, 512, 512, 64, 1>, pto::Layout::ND> v34 = GlobalTensor<float, pto::Shape<1, 1, 1, 8, 64>, pto::Stride<512, 512, 512, 64, 1>, pto::Layout::ND>((__gm__ float*) v3 + (v17 * 64), v32, v33);
    wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
    TSTORE(v34, v12);
    set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  }
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID1);
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID2);
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID3);
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID4);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

