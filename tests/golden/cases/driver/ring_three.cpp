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

AICORE void k(__gm__ float* v1, __gm__ float* v2, int64_t v3) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v4 = 0;
  const int64_t v5 = 1;
  const int64_t v6 = 3;
  const int64_t v7 = 8;
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID1);
  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID2);
  set_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  set_flag(PIPE_MTE3, PIPE_V, EVENT_ID1);
  set_flag(PIPE_MTE3, PIPE_V, EVENT_ID2);
  for (int64_t v8 = v4; v8 < v3; v8 += v5) {
    int64_t v9 = (int64_t) ((uint64_t) v8 % (uint64_t) v6);
    int64_t v10 = (int64_t) ((uint64_t) v8 * (uint64_t) v7);
    Tile<TileType::Vec, float, 8, 64, BLayout::RowMajor, 8, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v11;
    uint64_t v12 = (uint64_t) (v9 == 2 ? 4096 : (v9 == 1 ? 2048 : 0));
    TASSIGN(v11, v12);
    Tile<TileType::Vec, float, 8, 64, BLayout::RowMajor, 8, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v13;
    uint64_t v14 = (uint64_t) (v9 == 2 ? 12288 : (v9 == 1 ? 10240 : 8192));
    TASSIGN(v13, v14);
    pto::Shape<1, 1, 1, 8, 64> v15 = pto::Shape<1, 1, 1, 8, 64>();
    pto::Stride<512, 512, 512, 64, 1> v16 = pto::Stride<512, 512, 512, 64, 1>();
    GlobalTensor<float, pto::Shape<1, 1, 1, 8, 64>, pto::Stride<512, 512, 512, 64, 1>, pto::Layout::ND> v17 = GlobalTensor<float, pto::Shape<1, 1, 1, 8, 64>, pto::Stride<512, 512, 512, 64, 1>, pto::Layout::ND>((__gm__ float*) v1 + (v10 * 64), v15, v16);
    event_t v18 = (event_t) v9;
    wait_flag(PIPE_V, PIPE_MTE2, v18);
    TLOAD(v11, v17);
    event_t v19 = (event_t) v9;
    set_flag(PIPE_MTE2, PIPE_V, v19);
    event_t v20 = (event_t) v9;
    wait_flag(PIPE_MTE2, PIPE_V, v20);
    event_t v21 = (event_t) v9;
    wait_flag(PIPE_MTE3, PIPE_V, v21);
    TABS(v13, v11);
    event_t v22 = (event_t) v9;
    set_flag(PIPE_V, PIPE_MTE2, v22);
    event_t v23 = (event_t) v9;
    set_flag(PIPE_V, PIPE_MTE3, v23);
    pto::Shape<1, 1, 1, 8, 64> v24 = pto::Shape<1, 1, 1, 8, 64>();
    pto::Stride<512, 512, 512, 64, 1> v25 = pto::Stride<512, 512, 512, 64, 1>();
    GlobalTensor<float, pto::Shape<1, 1, 1, 8, 64>, pto::Stride<512, 512, 512, 64, 1>, pto::Layout::ND> v26 = GlobalTensor<float, pto::Shape<1, 1, 1, 8, 64>, pto::Stride<512, 512, 512, 64, 1>, pto::Layout::ND>((__gm__ float*) v2 + (v10 * 64), v24, v25);
    event_t v27 = (event_t) v9;
    wait_flag(PIPE_V, PIPE_MTE3, v27);
    TSTORE(v26, v13);
    event_t v28 = (event_t) v9;
    set_flag(PIPE_MTE3, PIPE_V, v28);
  }
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID1);
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID2);
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID1);
  wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID2);
  wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID0);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

