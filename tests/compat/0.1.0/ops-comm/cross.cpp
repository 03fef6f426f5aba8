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

extern "C" __global__ AICORE void cross(__gm__ float* v1, __gm__ int64_t* v2, int64_t v3) {
  using T = float;

  #if defined(__DAV_VEC__)
  set_mask_norm();
  set_vector_mask(-1, -1);
  const int64_t v4 = 0;
  uint64_t v5 = reinterpret_cast<uint64_t>(v2);
  set_ffts_base_addr(v5);
  pto::Shape<1, 1, 1, 16, 64> v6 = pto::Shape<1, 1, 1, 16, 64>();
  pto::Stride<1024, 1024, 1024, 64, 1> v7 = pto::Stride<1024, 1024, 1024, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND> v8 = GlobalTensor<float, pto::Shape<1, 1, 1, 16, 64>, pto::Stride<1024, 1024, 1024, 64, 1>, pto::Layout::ND>((__gm__ float*) v1, v6, v7);
  Tile<TileType::Vec, float, 16, 64, BLayout::RowMajor, 16, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> v9;
  uint64_t v10 = (uint64_t) v4;
  TASSIGN(v9, v10);
  __builtin_cce_wait_flag_dev(3);
  TLOAD(v9, v8);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  TABS(v9, v9);
  set_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID0);
  TSTORE(v8, v9);
  set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  uint16_t v11 = getFFTSMsg(FFTS_MODE_VAL, 3);
  __builtin_cce_ffts_cross_core_sync(PIPE_MTE3, v11);
  int32_t v12 = (int32_t) v3;
  __builtin_cce_wait_flag_dev(v12);
  wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  // ptoc: fence: pto.tstore of line 17 is visible to pto.tload of line 20; no dcci: transfers by MTE and FIX bypass the data cache
  dsb(DSB_DDR);
  TLOAD(v9, v8);
  set_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_MTE3, EVENT_ID0);
  TSTORE(v8, v9);
  set_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  wait_flag(PIPE_MTE3, PIPE_S, EVENT_ID0);
  // ptoc: fence: pto.tstore of line 21 is visible to pto.sync.set of line 22; no dcci: transfers by MTE and FIX bypass the data cache
  dsb(DSB_DDR);
  uint16_t v13 = getFFTSMsg(FFTS_MODE_VAL, v3);
  __builtin_cce_ffts_cross_core_sync(PIPE_MTE2, v13);
  uint16_t v14 = getFFTSMsg(0, 4);
  __builtin_cce_ffts_cross_core_sync(PIPE_MTE3, v14);
  __builtin_cce_wait_flag_dev(5);
  uint16_t v15 = getFFTSMsg(0, 6);
  __builtin_cce_ffts_cross_core_sync(PIPE_MTE3, v15);
  __builtin_cce_wait_flag_dev(6);
  uint16_t v16 = getFFTSMsg(FFTS_MODE_VAL, v3);
  __builtin_cce_ffts_cross_core_sync(PIPE_MTE3, v16);
  __builtin_cce_wait_flag_dev(8);
  #endif // __DAV_VEC__

  ptoas_auto_sync_tail(PTOAutoSyncTailMode::kBarrierAll);
  return;
}

