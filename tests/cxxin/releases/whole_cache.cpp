// Releases up to the 0.40s: the flush names the line kind and the place, the offset of a view is a cast choice, the tail
// is the pair of one flag, event ids are casts.
#include "pto/pto-inst.hpp"
using namespace pto;

enum class PTOAutoSyncTailMode : int {
  kBarrierAll = 0,
  kSetWaitMte3ToSEvent0 = 1,
};

static AICORE inline void ptoas_auto_sync_tail(
    PTOAutoSyncTailMode mode = PTOAutoSyncTailMode::kBarrierAll) {
  switch (mode) {
  case PTOAutoSyncTailMode::kSetWaitMte3ToSEvent0:
    set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
    wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
    break;
  case PTOAutoSyncTailMode::kBarrierAll:
  default:
    pipe_barrier(PIPE_ALL);
    break;
  }
}

AICORE void one_row(__gm__ float* v1, __gm__ float* v2, __gm__ int32_t* v3, int64_t v4) {
  unsigned v5 = 0;
  const int64_t v6 = 0;
  const int64_t v7 = 256;
  const int32_t v8 = 7;
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  Tile<TileType::Vec, float, 1, 64, BLayout::RowMajor, 1, 64, SLayout::NoneBox, 512, PadValue::Null> v9;
  TASSIGN(v9, v6);
  pto::Shape<1, 1, 1, 1, 64> v10 = pto::Shape<1, 1, 1, 1, 64>();
  pto::Stride<64, 64, 64, 64, 1> v11 = pto::Stride<64, 64, 64, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 64>, pto::Stride<64, 64, 64, 64, 1>, pto::Layout::ND> v12 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 64>, pto::Stride<64, 64, 64, 64, 1>, pto::Layout::ND>(v1 + (v5 + (unsigned) (v4 < v6 ? v6 : v4) * (unsigned) v7), v10, v11);
  TLOAD(v9, v12);
  v3[v4] = v8;
  set_flag(PIPE_MTE2, PIPE_V, (event_t) 0);
  wait_flag(PIPE_MTE2, PIPE_V, (event_t) 0);
  TABS(v9, v9);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID1);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID1);
  GlobalTensor<float, pto::Shape<1, 1, 1, 1, 64>, pto::Stride<64, 64, 64, 64, 1>, pto::Layout::ND> v13 = GlobalTensor<float, pto::Shape<1, 1, 1, 1, 64>, pto::Stride<64, 64, 64, 64, 1>, pto::Layout::ND>(v2, v10, v11);
  TSTORE(v13, v9);
  dcci((__gm__ void*)0, ENTIRE_DATA_CACHE, CACHELINE_OUT);
  dsb((mem_dsb_t)0);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kSetWaitMte3ToSEvent0);
  return;
}
